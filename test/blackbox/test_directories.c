/* Directories: the slash behind a directory's path, what is hidden, and a
 * public directory that is removed and made anew. */
#include "exchange.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(directories, .timeout = 120);

#define GET(target)  "GET " target " HTTP/1.1\r\n" HOST "\r\n"
#define HEAD(target) "HEAD " target " HTTP/1.1\r\n" HOST "\r\n"
#define NOT_FOUND    "Not Found\n"

static const struct exchange slashes[] = {
    {"plain", 301, GET("/docs"), GOES_ON, "Location: /docs/"},
    {"HEAD", 301, HEAD("/docs"), GOES_ON, "Location: /docs/"},
    {"asked each time", 301, GET("/docs"), GOES_ON, "Cache-Control: no-cache"},
    {"query", 301, GET("/docs?a=%20&b=/"), GOES_ON,
     "Location: /docs/?a=%20&b=/"},
    {"empty query", 301, GET("/docs?"), GOES_ON, "Location: /docs/?"},
    {"blank", 301, GET("/a%20b"), GOES_ON, "Location: /a%20b/"},
    {"UTF-8", 301, GET("/%ED%95%9C"), GOES_ON, "Location: /%ED%95%9C/"},
    {"deeper", 301, GET("/docs/deep"), GOES_ON, "Location: /docs/deep/"},
    {"encoded slash", 301, GET("/docs%2fdeep"), GOES_ON,
     "Location: /docs%2fdeep/"},
    {"encoded slash last", 301, GET("/docs%2f"), GOES_ON,
     "Location: /docs%2f/"},
    {"two slashes", 301, GET("//docs"), GOES_ON, "Location: /docs/"},
    {"many slashes", 301, GET("////docs"), GOES_ON, "Location: /docs/"},
    {"backslash", 301, GET("/\\x"), GOES_ON, "Location: /%5Cx/"},
    {"absolute form", 301, GET("http://localhost/docs?x"), GOES_ON,
     "Location: /docs/?x"},
    {"a link", 301, GET("/link"), GOES_ON, "Location: /link/"},
    {"with the slash", 200, GET("/docs/"), GOES_ON, "docs"},
    {"with two", 200, GET("/docs//"), GOES_ON, "docs"},
    {"there", 200, GET("/a%20b/"), GOES_ON, "a b"},
    {"POST", 405, "POST /docs HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
     "Allow: GET, HEAD, OPTIONS"},
    {"no index", 404, GET("/bare"), GOES_ON, NOT_FOUND},
    {"no index, slash", 404, GET("/bare/"), GOES_ON, NOT_FOUND},
    {"an index that is a directory", 404, GET("/odd"), GOES_ON, NOT_FOUND},
    {"a stranger", 404, GET("//evil.example/..;/docs"), GOES_ON, NOT_FOUND},
    {"up and down", 404, GET("//evil.example/../docs"), GOES_ON, NOT_FOUND},
};

Test(directories, have_a_slash_behind_their_path)
{
    static const char *const indexes[][2] = {
        {"docs", "docs"}, {"docs/deep", "deep"}, {"a b", "a b"},
        {"한", "han"},    {"\\x", "backslash"},
    };
    struct tree tree = tree_make();
    for (size_t i = 0; i < COUNT(indexes); i++) {
        char name[64];
        snprintf(name, sizeof(name), "public/%s", indexes[i][0]);
        tree_mkdir(&tree, name);
        strcat(name, "/index.html");
        tree_write_text(&tree, name, indexes[i][1]);
    }
    tree_mkdir(&tree, "public/bare");
    tree_mkdir(&tree, "public/odd");
    tree_mkdir(&tree, "public/odd/index.html");
    tree_link(&tree, "public/link", "docs");
    struct server server = server_start(tree.options);
    check_exchanges(&server, slashes, COUNT(slashes));
    server_stop(&server);
    tree_remove(&tree);
}

/* A target as long as targets may be, one byte less, and the same in bytes that
 * must be encoded. */
Test(directories, whose_path_with_the_slash_is_too_long)
{
    enum { LONGEST = 8 * 1024 };
    static const struct {
        size_t len;
        char fill;
        int status;
    } cases[] = {
        {LONGEST, 'x', 414},
        {LONGEST - 1, 'x', 301},
        {LONGEST - 1, '|', 414},
        {LONGEST / 3, '|', 301},
    };
    struct tree tree = tree_make();
    tree_mkdir(&tree, "public/d");
    tree_write_text(&tree, "public/d/index.html", "d");
    /* The longest origin that is answered must have room beside it. */
    char options[512];
    snprintf(options, sizeof(options), "%s --allow-origin http://%0243d.x",
             tree.options, 0);
    struct server server = server_start(options);
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char target[LONGEST + 1];
        memset(target, cases[i].fill, cases[i].len);
        target[cases[i].len] = '\0';
        memcpy(target, "/d?", 3);
        client_sendf(client,
                     "GET %s HTTP/1.1\r\n" HOST "Origin: http://%0243d.x\r\n"
                     "\r\n",
                     target, 0);
        struct response response = client_read(client);
        cr_expect_not_null(
            response_field(&response, "Access-Control-Allow-Origin"));
        cr_assert_eq(response.status, cases[i].status, "%zu: %s", i,
                     response.status_line);
        const char *location = response_field(&response, "Location");
        if (cases[i].fill == 'x' && cases[i].status == 301) {
            cr_expect_eq(strlen(location), LONGEST);
            cr_expect_str_eq(location + strlen("/d/?"), target + 3);
        }
    }
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

Test(directories, and_files_with_a_dot_are_hidden)
{
    static const struct exchange table[] = {
        {"/.env", 404, GET("/.env"), GOES_ON, NOT_FOUND},
        {"encoded", 404, GET("/%2eenv"), GOES_ON, NOT_FOUND},
        {"two slashes", 404, GET("//.env"), GOES_ON, NOT_FOUND},
        {"HEAD", 404, HEAD("/.env"), GOES_ON, NULL},
        {"/.git/config", 404, GET("/.git/config"), GOES_ON, NOT_FOUND},
        {"/.git/", 404, GET("/.git/"), GOES_ON, NOT_FOUND},
        {"/.git", 404, GET("/.git"), GOES_ON, NOT_FOUND},
        {"deeper", 404, GET("/a/.hidden/b"), GOES_ON, NOT_FOUND},
        {"encoded slash", 404, GET("/a%2f.hidden%2fb"), GOES_ON, NOT_FOUND},
        {"well known", 200, GET("/.well-known/x"), GOES_ON, "well known"},
        {"hidden there", 404, GET("/.well-known/.x"), GOES_ON, NOT_FOUND},
        {"not at the top", 404, GET("/a/.well-known/x"), GOES_ON, NOT_FOUND},
        {"a dot within", 200, GET("/a.b"), GOES_ON, "a.b"},
    };
    static const char *const directories[] = {
        "public/.git", "public/a", "public/a/.hidden", "public/.well-known",
        "public/a/.well-known"};
    static const char *const secrets[] = {
        "public/.env",        "public/.git/config",    "public/.git/index.html",
        "public/a/.hidden/b", "public/.well-known/.x", "public/a/.well-known/x",
    };
    struct tree tree = tree_make();
    for (size_t i = 0; i < COUNT(directories); i++)
        tree_mkdir(&tree, directories[i]);
    for (size_t i = 0; i < COUNT(secrets); i++)
        tree_write_text(&tree, secrets[i], "secret");
    tree_write_text(&tree, "public/.well-known/x", "well known");
    tree_write_text(&tree, "public/a.b", "a.b");
    struct server server = server_start(tree.options);
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
    tree_remove(&tree);
}

/* ---- a new public directory in the place of the old one ---------------- */

static void expect_index(const struct server *server, int status,
                         const char *body)
{
    const struct exchange index = {"index", status, GET("/"), GOES_ON, body};

    check_exchange(server, &index, strlen(index.request));
}

static void remove_public(const struct tree *tree)
{
    unlink(tree_path(tree, "public/index.html"));
    cr_assert_eq(rmdir(tree->public), 0);
}

/* `rm -rf dist && build`, three times. */
static void check_rebuilt(const struct tree *tree, const struct server *server)
{
    expect_index(server, 200, "0");
    for (int i = 1; i <= 3; i++) {
        char text[] = {(char)('0' + i), '\0'};
        remove_public(tree);
        expect_index(server, 404, NOT_FOUND);
        tree_mkdir(tree, "public");
        expect_index(server, 404, NOT_FOUND);
        tree_write_text(tree, "public/index.html", text);
        expect_index(server, 200, text);
    }
}

Test(directories, public_is_found_again_after_a_build)
{
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/index.html", "0");
    struct server server = server_start(tree.options);
    check_rebuilt(&tree, &server);
    free(server_log_line(&server, "error: cannot open|public|No such file"));
    server_stop(&server);
    tree_remove(&tree);
}

/* The path is relative, once to a directory that stays, and once to itself. */
Test(directories, a_relative_public_is_found_again)
{
    static const char *const starts[][2] = {
        {"", "--public public"},
        {"", "--public ./public/"},
        {"", ""},
        {"public", "--public ."},
    };
    char crier[4096];
    const char *given = getenv("CRIER");
    cr_assert_not_null(realpath(given ? given : "build/crier", crier));
    setenv("CRIER", crier, 1);
    for (size_t i = 0; i < COUNT(starts); i++) {
        struct tree tree = tree_make();
        tree_write_text(&tree, "public/index.html", "0");
        cr_assert_eq(chdir(tree_path(&tree, starts[i][0])), 0);
        struct server server = server_start(starts[i][1]);
        cr_assert_eq(chdir("/"), 0);
        check_rebuilt(&tree, &server);
        server_stop(&server);
        tree_remove(&tree);
    }
}

/* What a deployment does that is never without pages. */
Test(directories, public_may_be_a_link_that_is_turned)
{
    struct tree tree = tree_make();
    char options[96];
    static const char *const releases[] = {"1", "2"};
    for (size_t i = 0; i < COUNT(releases); i++) {
        char name[32];
        tree_mkdir(&tree, releases[i]);
        snprintf(name, sizeof(name), "%s/index.html", releases[i]);
        tree_write_text(&tree, name, releases[i]);
    }
    tree_link(&tree, "current", "1");
    tree_link(&tree, "next", "2");
    snprintf(options, sizeof(options), "--public %s/current", tree.root);
    struct server server = server_start(options);
    expect_index(&server, 200, "1");
    char *next = strdup(tree_path(&tree, "next"));
    cr_assert_eq(rename(next, tree_path(&tree, "current")), 0);
    free(next);
    expect_index(&server, 200, "2");
    server_stop(&server);
    tree_remove(&tree);
}

/* ---- the start line ---------------------------------------------------- */

Test(directories, without_an_index_are_announced)
{
    struct tree tree = tree_make();
    struct server server = server_start(tree.options);
    free(server_log_line(&server, "public has no index.html"));
    server_stop(&server);
    tree_write_text(&tree, "public/index.html", "index");
    server = server_start(tree.options);
    server_stop(&server);
    char *log = server_log(&server);
    cr_expect_null(strstr(log, "no index.html"), "%s", log);
    free(log);
    tree_remove(&tree);
}
