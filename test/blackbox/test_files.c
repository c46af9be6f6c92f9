/* Files: where they are found, as what they are sent, what is refused. */
#include "exchange.h"
#include "tree.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

TestSuite(files, .timeout = TEST_SECONDS);

#define GET(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"
#define NOT_FOUND   "Not Found\n"

static const struct exchange places[] = {
    {"root", 200, GET("/"), GOES_ON, "index"},
    {"its name", 200, GET("/index.html"), GOES_ON, "index"},
    {"query", 200, GET("/?a=../../%zz&b"), GOES_ON, "index"},
    {"query of a file", 200, GET("/index.html?"), GOES_ON, "index"},
    {"encoded", 200, GET("/%69ndex%2ehtml"), GOES_ON, "index"},
    {"both cases of hex", 200, GET("/%6Aj%6aj%6A"), GOES_ON, "jjjjj"},
    {"blank", 200, GET("/with%20blank"), GOES_ON, "blank"},
    {"plus is plus", 200, GET("/a+b"), GOES_ON, "plus"},
    {"UTF-8", 200, GET("/%ED%95%9C"), GOES_ON, "han"},
    {"encoded ?", 200, GET("/what%3F"), GOES_ON, "what"},
    {"a percent", 200, GET("/100%25"), GOES_ON, "percent"},
    {"decoded once", 404, GET("/%2569ndex.html"), GOES_ON, NULL},
    {"directory/", 200, GET("/sub/"), GOES_ON, "sub index"},
    {"file in it", 200, GET("/sub/leaf"), GOES_ON, "leaf"},
    {"directory without index", 404, GET("/bare/"), GOES_ON, NOT_FOUND},
    {"missing", 404, GET("/missing"), GOES_ON, NOT_FOUND},
    {"missing in a file", 404, GET("/index.html/x"), GOES_ON, NOT_FOUND},
    {"HEAD of missing", 404, "HEAD /missing HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
     "Content-Length: 10"},
    {"a name too long", 404,
     GET("/0123456789012345678901234567890123456789012345678"
         "01234567890123456789012345678901234567890123456789"
         "01234567890123456789012345678901234567890123456789"
         "01234567890123456789012345678901234567890123456789"
         "01234567890123456789012345678901234567890123456789"
         "0123456789"),
     GOES_ON, NOT_FOUND},
};

Test(files, index_query_percent_encoding_and_directories)
{
    static const char *const files[][2] = {
        {"index.html", "index"}, {"jjjjj", "jjjjj"}, {"with blank", "blank"},
        {"a+b", "plus"},         {"한", "han"},      {"what?", "what"},
        {"100%", "percent"},
    };
    struct tree tree = tree_make();
    for (size_t i = 0; i < COUNT(files); i++) {
        char name[64];
        snprintf(name, sizeof(name), "public/%s", files[i][0]);
        tree_write_text(&tree, name, files[i][1]);
    }
    tree_mkdir(&tree, "public/sub");
    tree_mkdir(&tree, "public/bare");
    tree_write_text(&tree, "public/sub/index.html", "sub index");
    tree_write_text(&tree, "public/sub/leaf", "leaf");
    struct server server = server_start(tree.options);
    check_exchanges(&server, places, COUNT(places));
    server_stop(&server);
    tree_remove(&tree);
}

/* Where two types are in use, both are right. */
static const char *const types[][3] = {
    {"html", "text/html; charset=utf-8", NULL},
    {"js", "text/javascript; charset=utf-8", NULL},
    {"mjs", "text/javascript; charset=utf-8", NULL},
    {"css", "text/css; charset=utf-8", NULL},
    {"txt", "text/plain; charset=utf-8", NULL},
    {"png", "image/png", NULL},
    {"json", "application/json", "application/json; charset=utf-8"},
    {"map", "application/json", "application/json; charset=utf-8"},
    {"otf", "font/otf", "application/font-otf"},
    {"ico", "image/x-icon", "image/vnd.microsoft.icon"},
    {"svg", "image/svg+xml", "image/svg+xml; charset=utf-8"},
    {"jpg", "image/jpeg", NULL},
    {"gif", "image/gif", NULL},
    {"webp", "image/webp", NULL},
    {"woff2", "font/woff2", NULL},
    {"wasm", "application/wasm", NULL},
    {"htm", "text/html; charset=utf-8", NULL},
    {"cjs", "text/javascript; charset=utf-8", NULL},
    {"md", "text/markdown; charset=utf-8", NULL},
    {"csv", "text/csv; charset=utf-8", NULL},
    {"xml", "application/xml", "text/xml; charset=utf-8"},
    {"pdf", "application/pdf", NULL},
    {"webmanifest", "application/manifest+json", NULL},
    {"woff", "font/woff", NULL},
    {"ttf", "font/ttf", NULL},
    {"avif", "image/avif", NULL},
    {"mp4", "video/mp4", NULL},
    {"webm", "video/webm", NULL},
    {"mp3", "audio/mpeg", NULL},
    {"ogg", "audio/ogg", "application/ogg"},
    {"xyz", "application/octet-stream", NULL},
    {"html.bak", "application/octet-stream", NULL},
};

Test(files, types_follow_the_extension_and_are_not_to_be_sniffed)
{
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/none", "x");
    for (size_t i = 0; i < COUNT(types); i++) {
        char name[32];
        snprintf(name, sizeof(name), "public/a.%s", types[i][0]);
        tree_write_text(&tree, name, "x");
    }
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(types); i++) {
        client_sendf(client, "GET /a.%s HTTP/1.1\r\n" HOST "\r\n", types[i][0]);
        struct response response = client_read(client);
        const char *type = response_field(&response, "Content-Type");
        cr_expect(type != NULL &&
                      (strcmp(type, types[i][1]) == 0 ||
                       (types[i][2] != NULL && strcmp(type, types[i][2]) == 0)),
                  "%s: %s", types[i][0], type);
        const char *sniff = response_field(&response, "X-Content-Type-Options");
        cr_expect(sniff != NULL && strcmp(sniff, "nosniff") == 0);
    }
    client_send(client, GET("/none"));
    struct response response = client_read(client);
    cr_expect_str_eq(response_field(&response, "Content-Type"),
                     "application/octet-stream");
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

#define SECRET "not for you"

static const char *const outside[] = {
    "/../secret",
    "/sub/../../secret",
    "/sub/../index.html",
    "/..",
    "/%2e%2e/secret",
    "/.%2E/secret",
    "/%2E./secret",
    "/..%2fsecret",
    "/%2e%2e%2fsecret",
    "/sub/%2e%2e/%2e%2e/secret",
    "/sub%2f..%2f..%2fsecret",
    "//../secret",
    "/./../secret",
    "/..?/secret",
    "/link-up",
    "/link-absolute",
    "/link-dir/secret",
    "/link-dir-absolute/secret",
    "/link-to-link",
    "/link-dir/",
    "/link-etc/passwd",
    "/sub/link-up-two",
    "/link-proc/root/etc/passwd",
    "/link-loop",
    "/..%5csecret",
    "/%2fetc/passwd",
    "//etc/passwd",
};

static void make_links(const struct tree *tree)
{
    tree_write_text(tree, "secret", SECRET);
    tree_write_text(tree, "public/index.html", "index");
    tree_mkdir(tree, "public/sub");
    tree_link(tree, "public/link-up", "../secret");
    tree_link(tree, "public/sub/link-up-two", "../../secret");
    tree_link(tree, "public/link-dir", "..");
    tree_link(tree, "public/link-dir-absolute", tree->root);
    char absolute[128];
    snprintf(absolute, sizeof(absolute), "%s/secret", tree->root);
    tree_link(tree, "public/link-absolute", absolute);
    tree_link(tree, "public/link-to-link", "link-up");
    tree_link(tree, "public/link-etc", "/etc");
    tree_link(tree, "public/link-proc", "/proc/self");
    tree_link(tree, "public/link-loop", "link-loop");
}

Test(files, nothing_outside_public_is_ever_opened)
{
    struct tree tree = tree_make();
    make_links(&tree);
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(outside); i++) {
        client_sendf(client, "GET %s HTTP/1.1\r\n" HOST "\r\n", outside[i]);
        struct response response = client_read(client);
        cr_expect_eq(response.status, 404, "%s: %s", outside[i],
                     response.status_line);
        cr_expect_str_eq(response.body, NOT_FOUND, "%s: '%s'", outside[i],
                         response.body);
    }
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

Test(files, a_link_that_stays_inside_is_followed)
{
    struct tree tree = tree_make();
    tree_mkdir(&tree, "public/sub");
    tree_write_text(&tree, "public/sub/leaf", "leaf");
    tree_link(&tree, "public/link", "sub/leaf");
    tree_link(&tree, "public/sub/up", "../sub/leaf");
    char absolute[128];
    snprintf(absolute, sizeof(absolute), "%s/sub", tree.public);
    tree_link(&tree, "public/absolute-dir", absolute);
    strcat(absolute, "/leaf");
    tree_link(&tree, "public/absolute", absolute);
    tree_link(&tree, "public/to-absolute", "absolute");
    static const struct exchange table[] = {
        {"link", 200, GET("/link"), GOES_ON, "leaf"},
        {"up", 200, GET("/sub/up"), GOES_ON, "leaf"},
        {"absolute", 200, GET("/absolute"), GOES_ON, "leaf"},
        {"by two", 200, GET("/to-absolute"), GOES_ON, "leaf"},
        {"a directory's", 200, GET("/absolute-dir/leaf"), GOES_ON, "leaf"},
    };
    struct server server = server_start(tree.options);
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
    tree_remove(&tree);
}

Test(files, broken_percent_encoding_and_nul_are_400)
{
    static const struct exchange table[] = {
        {"no hex", 400, GET("/%zz"), GOES_ON, NULL},
        {"half", 400, GET("/index%2"), GOES_ON, NULL},
        {"none", 400, GET("/%"), GOES_ON, NULL},
        {"signed", 400, GET("/%+1"), GOES_ON, NULL},
        {"NUL", 400, GET("/%00"), GOES_ON, NULL},
        {"NUL at the end", 400, GET("/index.html%00"), GOES_ON, NULL},
        {"NUL within", 400, GET("/index.html%00.png"), GOES_ON, NULL},
    };
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(table); i++) {
        struct client *client = client_connect(&server);
        client_send(client, table[i].request);
        cr_expect_eq(client_read(client).status, 400, "%s", table[i].what);
        client_close(client);
    }
    server_stop(&server);
}

Test(files, what_is_no_file_is_404_and_hangs_nobody)
{
    struct tree tree = tree_make();
    cr_assert_eq(mkfifo(tree_path(&tree, "public/fifo"), 0666), 0);
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path, sizeof(name.sun_path), "%s",
             tree_path(&tree, "public/socket"));
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(bind(listener, (struct sockaddr *)&name, sizeof(name)), 0);
    static const struct exchange table[] = {
        {"FIFO", 404, GET("/fifo"), GOES_ON, NOT_FOUND},
        {"socket", 404, GET("/socket"), GOES_ON, NOT_FOUND},
    };
    struct server server = server_start(tree.options);
    check_exchanges(&server, table, COUNT(table));
    close(listener);
    server_stop(&server);
    tree_remove(&tree);
}

/* How often the text is in the log. */
static int count_in_log(const struct server *server, const char *text)
{
    char *log = server_log(server);
    int count = 0;

    for (char *at = log; (at = strstr(at, text)) != NULL; at++)
        count++;
    free(log);
    return count;
}

Test(files, unreadable_is_403_and_one_line_in_the_log)
{
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/closed", SECRET);
    tree_mkdir(&tree, "public/closed-dir");
    tree_write_text(&tree, "public/closed-dir/index.html", SECRET);
    chmod(tree_path(&tree, "public/closed"), 0);
    chmod(tree_path(&tree, "public/closed-dir/index.html"), 0);
    static const struct exchange table[] = {
        {"file", 403, GET("/closed"), GOES_ON, "Forbidden\n"},
        {"again", 403, GET("/closed"), GOES_ON, "Forbidden\n"},
        {"index", 403, GET("/closed-dir/"), GOES_ON, "Forbidden\n"},
        {"in a directory", 403, GET("/shut/x"), GOES_ON, "Forbidden\n"},
        {"POST", 405, "POST /closed HTTP/1.1\r\n" HOST "\r\n", GOES_ON, NULL},
    };
    tree_mkdir(&tree, "public/shut");
    chmod(tree_path(&tree, "public/shut"), 0);
    struct server server = server_start_unprivileged(tree.options);
    check_exchanges(&server, table, COUNT(table));
    free(server_log_line(&server, "cannot open|shut/x"));
    cr_expect_eq(count_in_log(&server, "error: cannot open 'closed': Permis"),
                 1);
    cr_expect_eq(count_in_log(&server, "error: cannot open 'shut/x': "), 1);
    server_stop(&server);
    tree_remove(&tree);
}

/* The seccomp profiles of older container engines know neither faccessat2 nor
 * openat2, and answer EPERM. */
Test(files, a_sandbox_without_the_newer_system_calls)
{
    const char *crier = getenv("CRIER");
    char command[4096];
    snprintf(command, sizeof(command), "build/forbid faccessat2 openat2 -- %s",
             crier != NULL ? crier : "build/crier");
    setenv("CRIER", command, 1);
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/a.txt", "hello");
    struct server server = server_start(tree.options);
    check_exchanges(&server,
                    (struct exchange[]){{"a file", 200,
                                         "GET /a.txt HTTP/1.1\r\n" HOST "\r\n",
                                         GOES_ON, "hello"}},
                    1);
    server_stop(&server);
    tree_remove(&tree);
}
