/* Byte ranges, preconditions, and files that change while they are sent. */
#include "exchange.h"
#include "tree.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(ranges, .timeout = TEST_SECONDS);

#define GET_DIGITS "GET /digits.txt HTTP/1.1\r\n" HOST

Test(ranges, one_range_is_sent_alone)
{
    static const struct exchange table[] = {
        {"whole", 200, GET_DIGITS "\r\n", GOES_ON, "0123456789"},
        {"first", 206, GET_DIGITS "Range: bytes=0-3\r\n\r\n", GOES_ON, "0123"},
        {"where", 206, GET_DIGITS "Range: bytes=2-3\r\n\r\n", GOES_ON,
         "Content-Range: bytes 2-3/10"},
        {"length", 206, GET_DIGITS "Range: bytes=2-3\r\n\r\n", GOES_ON,
         "Content-Length: 2"},
        {"open", 206, GET_DIGITS "Range: bytes=7-\r\n\r\n", GOES_ON, "789"},
        {"last", 206, GET_DIGITS "Range: bytes=-2\r\n\r\n", GOES_ON, "89"},
        {"none of it", 416, GET_DIGITS "Range: bytes=10-\r\n\r\n", GOES_ON,
         "Content-Range: bytes */10"},
        {"several", 200, GET_DIGITS "Range: bytes=0-1,4-5\r\n\r\n", GOES_ON,
         "0123456789"},
        {"another unit", 200, GET_DIGITS "Range: lines=0-1\r\n\r\n", GOES_ON,
         "0123456789"},
        {"other version", 200,
         GET_DIGITS "Range: bytes=0-1\r\nIf-Range: \"x\"\r\n\r\n", GOES_ON,
         "0123456789"},
        {"an empty file's last", 200,
         "GET /empty HTTP/1.1\r\n" HOST "Range: bytes=-5\r\n\r\n", GOES_ON,
         "Content-Length: 0"},
        {"an empty file's first", 416,
         "GET /empty HTTP/1.1\r\n" HOST "Range: bytes=0-\r\n\r\n", GOES_ON,
         "Content-Range: bytes */0"},
        {"said", 200, GET_DIGITS "\r\n", GOES_ON, "Accept-Ranges: bytes"},
        {"not the one meant", 412, GET_DIGITS "If-Match: \"x\"\r\n\r\n",
         GOES_ON, "Precondition Failed\n"},
        {"changed since", 412,
         GET_DIGITS
         "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
         GOES_ON, "Precondition Failed\n"},
    };
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/digits.txt", "0123456789");
    tree_write_text(&tree, "public/empty", "");
    struct server server = server_start(tree.options);
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
    tree_remove(&tree);
}

/* What a download that was interrupted asks for. */
Test(ranges, go_on_with_the_same_version_only)
{
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/digits.txt", "0123456789");
    struct server server = server_start(tree.options);
    struct client *client = client_connect(&server);
    client_send(client, GET_DIGITS "\r\n");
    struct response response = client_read(client);
    char *etag = strdup(response_field(&response, "ETag"));

    client_sendf(client, GET_DIGITS "Range: bytes=5-\r\nIf-Range: %s\r\n\r\n",
                 etag);
    response = client_read(client);
    cr_expect_eq(response.status, 206);
    cr_expect_str_eq(response.body, "56789");

    tree_write_text(&tree, "public/digits.txt", "abcdefghijk");
    client_sendf(client, GET_DIGITS "Range: bytes=5-\r\nIf-Range: %s\r\n\r\n",
                 etag);
    response = client_read(client);
    cr_expect_eq(response.status, 200);
    cr_expect_str_eq(response.body, "abcdefghijk");
    free(etag);
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

enum { LARGE = 16 << 20 };

/* Begins to fetch a file that is larger than the sockets' buffers. */
static struct client *fetch_slowly(const struct server *server,
                                   const struct tree *tree)
{
    char *bytes = calloc(1, LARGE);
    tree_write(tree, "public/large.txt", bytes, LARGE);
    free(bytes);
    struct client *client = client_connect(server);
    client_send(client, "GET /large.txt HTTP/1.1\r\n" HOST "\r\n");
    struct response response = client_read_head(client);
    cr_assert_eq(response.status, 200);
    cr_assert_eq(atoi(response_field(&response, "Content-Length")), LARGE);
    return client;
}

Test(ranges, a_file_that_shrinks_ends_the_connection)
{
    struct tree tree = tree_make();
    struct server server = server_start(tree.options);
    struct client *client = fetch_slowly(&server, &tree);

    cr_assert_eq(truncate(tree_path(&tree, "public/large.txt"), 1), 0);
    size_t received = 0;
    while (client_has_input(client) || !client->ended) {
        char part[65536];
        ssize_t n = read(client->fd, part, sizeof part);
        if (n <= 0)
            break;
        received += (size_t)n;
    }
    cr_expect_lt(received, LARGE, "the promised length cannot have come");
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

Test(ranges, a_file_that_grows_is_sent_as_long_as_it_was)
{
    struct tree tree = tree_make();
    struct server server = server_start(tree.options);
    struct client *client = fetch_slowly(&server, &tree);

    int file = open(tree_path(&tree, "public/large.txt"), O_WRONLY | O_APPEND);
    cr_assert_eq(write(file, "more", 4), 4);
    close(file);
    client_read_bytes(client, LARGE);
    client_send(client, "GET /healthz HTTP/1.1\r\n" HOST "\r\n");
    cr_expect_eq(client_read(client).status, 200);
    client_close(client);
    server_stop(&server);
    tree_remove(&tree);
}

/* Nobody reads the large file; the end comes when the 5 s are over. */
Test(ranges, a_large_file_does_not_hold_up_shutdown)
{
    struct tree tree = tree_make();
    struct server server = server_start(tree.options);
    struct client *client = fetch_slowly(&server, &tree);
    double start = seconds_now();

    server_stop(&server);
    cr_expect_lt(seconds_now() - start, 60);
    client_close(client);
    tree_remove(&tree);
}
