/* Files: their bytes, their validators, and conditional requests. */
#include "exchange.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

TestSuite(content, .timeout = TEST_SECONDS);

#define GET(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"

/* Sat, 01 Jan 2000 00:00:00 GMT */
#define MTIME 946684800

static void set_mtime(const char *path)
{
    struct timespec times[2] = {{.tv_sec = MTIME}, {.tv_sec = MTIME}};
    cr_assert_eq(utimensat(0, path, times, 0), 0);
}

static struct tree tree_with_old_file(void)
{
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/old.txt", "old text");
    set_mtime(tree_path(&tree, "public/old.txt"));
    return tree;
}

Test(content, is_sent_with_length_last_modified_and_etag)
{
    struct tree tree = tree_with_old_file();
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    static const char *const methods[] = {"GET", "HEAD"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        client_sendf(client, "%s /old.txt HTTP/1.1\r\n" HOST "\r\n",
                     methods[i]);
        struct response response =
            i == 0 ? client_read(client) : client_read_head(client);
        cr_expect_eq(response.status, 200);
        cr_expect_str_eq(response.body, i == 0 ? "old text" : "");
        cr_expect_str_eq(response_field(&response, "Content-Length"), "8");
        cr_expect_str_eq(response_field(&response, "Last-Modified"),
                         "Sat, 01 Jan 2000 00:00:00 GMT");
        cr_expect_str_eq(response_field(&response, "Cache-Control"),
                         "no-cache");
        const char *etag = response_field(&response, "ETag");
        cr_expect(etag != NULL && etag[0] == '"' && strlen(etag) > 2 &&
                      etag[strlen(etag) - 1] == '"',
                  "%s", etag);
    }
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

Test(content, every_byte_arrives)
{
    enum { SIZE = 3 * 1024 * 1024 + 7 };
    char *bytes = malloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)(i * 2654435761U >> 13);
    struct tree tree = tree_make();
    tree_write(&tree, "public/large.png", bytes, SIZE);
    tree_write(&tree, "public/empty", "", 0);
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    client_send(client, GET("/large.png") GET("/empty") GET("/large.png"));
    for (int i = 0; i < 3; i++) {
        struct response response = client_read(client);
        cr_assert_eq(response.status, 200);
        cr_assert_eq(response.body_size, i == 1 ? 0 : SIZE);
        if (i != 1)
            cr_assert_eq(memcmp(response.body, bytes, SIZE), 0);
    }
    free(bytes);
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

struct condition {
    const char *fields; /* %s stands for the ETag */
    int status;
};

static const struct condition conditions[] = {
    {"If-None-Match: %s\r\n", 304},
    {"If-None-Match: W/%s\r\n", 304},
    {"If-None-Match: *\r\n", 304},
    {"If-None-Match: \"other\", %s\r\n", 304},
    {"If-None-Match: \"a,b\" ,W/\"c\",%s\r\n", 304},
    {"If-None-Match: \"other\"\r\n", 200},
    {"If-None-Match: \"\"\r\n", 200},
    {"If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n", 304},
    {"If-Modified-Since: Sat, 01 Jan 2000 00:00:01 GMT\r\n", 304},
    {"If-Modified-Since: Fri, 31 Dec 1999 23:59:59 GMT\r\n", 200},
    {"If-Modified-Since: yesterday\r\n", 200},
    {"If-Modified-Since: Sun, 31 Feb 2026 00:00:00 GMT\r\n", 200},
    {"If-Modified-Since: Sat, 28 Feb 2026 24:00:00 GMT\r\n", 200},
    {"If-Modified-Since: Sat, 28 Feb 2026 00:00:00 GMT\r\n", 304},
    {"If-Modified-Since:\r\n", 200},
    {"If-None-Match: \"other\"\r\n"
     "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n",
     200},
    {"If-None-Match: %s\r\n"
     "If-Modified-Since: Fri, 31 Dec 1999 23:59:59 GMT\r\n",
     304},
};

static void check_condition(struct client *client, const char *method,
                            const struct condition *it, const char *etag)
{
    char fields[512];
    const char *hole = strstr(it->fields, "%s");
    int before =
        hole == NULL ? (int)strlen(it->fields) : (int)(hole - it->fields);
    snprintf(fields, sizeof(fields), "%.*s%s%s", before, it->fields,
             hole == NULL ? "" : etag, hole == NULL ? "" : hole + 2);
    client_sendf(client, "%s /old.txt HTTP/1.1\r\n" HOST "%s\r\n", method,
                 fields);
    struct response response = strcmp(method, "HEAD") == 0
                                   ? client_read_head(client)
                                   : client_read(client);
    cr_expect_eq(response.status, it->status, "%s %s: %s", method, fields,
                 response.status_line);
    const char *now = response_field(&response, "ETag");
    cr_expect(now != NULL && strcmp(now, etag) == 0, "%s %s: ETag %s", method,
              fields, now);
}

Test(content, that_is_known_is_answered_with_304)
{
    struct tree tree = tree_with_old_file();
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    client_send(client, GET("/old.txt"));
    struct response response = client_read(client);
    char *etag = strdup(response_field(&response, "ETag"));
    for (size_t i = 0; i < COUNT(conditions); i++) {
        check_condition(client, "GET", &conditions[i], etag);
        check_condition(client, "HEAD", &conditions[i], etag);
    }
    free(etag);
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

/* The mtime alone cannot tell: it is put back. */
Test(content, that_changes_gets_another_etag)
{
    struct tree tree = tree_with_old_file();
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    client_send(client, GET("/old.txt"));
    struct response response = client_read(client);
    char *etag = strdup(response_field(&response, "ETag"));
    tree_write_text(&tree, "public/old.txt", "new and longer");
    set_mtime(tree_path(&tree, "public/old.txt"));
    client_sendf(client,
                 "GET /old.txt HTTP/1.1\r\n" HOST "If-None-Match: %s\r\n\r\n",
                 etag);
    response = client_read(client);
    cr_expect_eq(response.status, 200);
    cr_expect_str_eq(response.body, "new and longer");
    free(etag);
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

/* Writes the file in place, with the old mtime, until its ctime is another one:
 * the kernel's clock may stand still for some milliseconds. */
static void rewrite(const struct tree *tree, const char *name, const char *text)
{
    double start = seconds_now();
    struct stat before, after;

    cr_assert_eq(stat(tree_path(tree, name), &before), 0);
    for (;;) {
        tree_write_text(tree, name, text);
        set_mtime(tree_path(tree, name));
        cr_assert_eq(stat(tree_path(tree, name), &after), 0);
        if (memcmp(&before.st_ctim, &after.st_ctim, sizeof before.st_ctim))
            return;
        wait_a_moment(start, "another ctime");
    }
}

static char *get_etag(struct client *client)
{
    client_send(client, GET("/old.txt"));
    struct response response = client_read(client);
    const char *etag = response_field(&response, "ETag");
    cr_assert_eq(response.status, 200);
    cr_expect_eq(etag[0], '"', "strong: %s", etag);
    return strdup(etag);
}

/* As a build does that gives all files one time. */
Test(content, that_only_looks_the_same_gets_another_etag)
{
    struct tree tree = tree_with_old_file();
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    char *first = get_etag(client);

    rewrite(&tree, "public/old.txt", "OLD TEXT");
    char *rewritten = get_etag(client);
    cr_expect_str_neq(first, rewritten);

    /* Another file in its place, with the same times, as they may be. */
    char *old = strdup(tree_path(&tree, "public/old.txt"));
    tree_write_text(&tree, "new", "Old Text");
    set_mtime(tree_path(&tree, "new"));
    cr_assert_eq(rename(tree_path(&tree, "new"), old), 0);
    char *replaced = get_etag(client);
    cr_expect_str_neq(replaced, rewritten);
    cr_expect_str_neq(replaced, first);

    free(old);
    free(first);
    free(rewritten);
    free(replaced);
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

/* RFC 9110, 8.8.2.1. A clock may have been set back, or be another machine's.
 */
Test(content, from_the_future_is_not_modified_later_than_now)
{
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/new.txt", "new");
    struct timespec times[2] = {{.tv_sec = time(NULL) + 3600},
                                {.tv_sec = time(NULL) + 3600}};
    cr_assert_eq(utimensat(0, tree_path(&tree, "public/new.txt"), times, 0), 0);
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    struct tm date = {0}, modified = {0};

    client_send(client, GET("/new.txt"));
    struct response response = client_read(client);
    const char *form = "%a, %d %b %Y %H:%M:%S GMT";
    cr_assert_not_null(
        strptime(response_field(&response, "Date"), form, &date));
    cr_assert_not_null(
        strptime(response_field(&response, "Last-Modified"), form, &modified));
    cr_expect_leq(timegm(&modified), timegm(&date));
    cr_expect_geq(timegm(&modified), timegm(&date) - HARNESS_PATIENCE);
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

Test(content, our_pages_load_nothing_from_elsewhere)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, GET("/threads.html"));
    struct response response = client_read(client);
    const char *policy = response_field(&response, "Content-Security-Policy");
    cr_assert_not_null(policy);
    cr_expect_not_null(strstr(policy, "default-src 'self';"));
    client_send(client, GET("/script.js"));
    response = client_read(client);
    cr_expect_null(response_field(&response, "Content-Security-Policy"));
    client_close(client);
    server_stop(&server);
}

Test(content, other_pages_do_as_their_owner_likes)
{
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/page.html", "<script>1</script>");
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    client_send(client, GET("/page.html"));
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200);
    cr_expect_null(response_field(&response, "Content-Security-Policy"));
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}
