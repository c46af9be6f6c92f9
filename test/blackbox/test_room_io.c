/*
 * Room: reads, writes and files that fail, or move less than they could.
 */
#include "room.h"
#include "tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

TestSuite(room_io, .timeout = TEST_SECONDS);

Test(room_io, when_sendfile_fails_in_the_middle)
{
    static char bytes[1000000];
    struct tree tree = tree_make();
    memset(bytes, 'x', sizeof(bytes));
    tree_write(&tree, "public/large.txt", bytes, sizeof(bytes));
    struct server server = start_with_board(tree.options);
    int descriptors = count_descriptors(&server);
    rule(FAULT_SENDFILE)->bytes = 100000;
    for (unsigned long n = 1; n <= 10; n++) {
        fail_at(FAULT_SENDFILE, n, n % 2 == 0 ? EIO : ECONNRESET);
        struct client *client = client_connect(&server);
        client_send(client, "GET /large.txt HTTP/1.1\r\n" HOST "\r\n");
        struct response response = client_read_head(client);
        cr_expect_str_eq(response_field(&response, "Content-Length"),
                         "1000000");
        client_read_bytes(client, (n - 1) * 100000);
        cr_expect(client_closed(client), "n = %lu", n);
        client_close(client);
    }
    rule(FAULT_SENDFILE)->at = rule(FAULT_SENDFILE)->bytes = 0;
    cr_expect_eq(ask(&server, "GET /large.txt HTTP/1.1\r\n" HOST "\r\n"), 200);
    check_normal(&server);
    wait_descriptors(&server, descriptors);
    server_stop(&server);
    tree_remove(&tree);
}

/* One of three subscribers and the publisher, whose writes can fail. */
Test(room_io, when_a_write_fails_it_costs_one_connection)
{
    static const int errors[] = {EPIPE, ECONNRESET, ETIMEDOUT, ENOBUFS};
    struct server server = start_with_board("--heartbeat 3600");
    for (unsigned long n = 1; n <= 4; n++) {
        struct client *clients[4];
        for (int i = 0; i < 3; i++)
            clients[i] = subscribe(&server, "", "");
        wait_healthz(&server, "subscribers", 3);
        clients[3] = client_connect(&server);
        fail_at(FAULT_SENDMSG, n, errors[n - 1]);
        client_send(clients[3], "POST /update HTTP/1.1\r\n" HOST
                                "Content-Length: 12\r\n\r\n{\"text\":\"x\"}");
        int lost = 0;
        for (int i = 0; i < 4; i++)
            lost += client_find(clients[i], "{\"text\":\"x\"") == 0;
        for (int i = 0; i < 4; i++)
            client_close(clients[i]);
        cr_expect_eq(lost, 1, "write %lu: %d connections", n, lost);
        wait_healthz(&server, "messages", (long long)n * 2 - 1);
        check_normal(&server);
    }
    server_stop(&server);
}

Test(room_io, when_a_read_fails_it_costs_one_connection)
{
    struct server server = start_with_board("");
    int descriptors = count_descriptors(&server);
    for (unsigned long n = 1; n <= 2; n++) {
        /* Nobody else reads then, and this client's first read is counted. */
        wait_descriptors(&server, descriptors);
        fail_at(FAULT_RECV, n, ECONNRESET);
        struct client *client = client_connect(&server);
        client_send(client,
                    "POST /update HTTP/1.1\r\n" HOST "Content-Length: 12\r\n"
                    "Expect: 100-continue\r\n\r\n");
        cr_expect_eq(client_find(client, "HTTP/1.1 200"), 0);
        client_close(client);
        check_normal(&server);
    }
    server_stop(&server);
}

static const char *const requests[] = {
    "GET / HTTP/1.1\r\n" CLOSE "\r\n",
    "HEAD / HTTP/1.1\r\n" CLOSE "\r\n",
    "GET / HTTP/1.1\r\n" CLOSE "Range: bytes=10-99\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET /missing HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" CLOSE "\r\n",
    "GET /subscribe?lastEventId=0&limit=3 HTTP/1.1\r\n" HOST "\r\n",
    "GET /subscribe?limit=0 HTTP/1.1\r\n" CLOSE "\r\n",
    "OPTIONS * HTTP/1.1\r\n" CLOSE "\r\n",
    "BREW / HTTP/1.1\r\n" CLOSE "\r\n",
    "GET  HTTP/1.1\r\n\r\n",
    "POST /update HTTP/1.1\r\n" CLOSE "Content-Length: 2\r\n\r\n{}",
    "POST /update HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n"
    "5;a=b\r\n{\"a\":\r\n1\r\n1\r\n0\r\nX: y\r\n\r\n",
    "POST /update HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n"
    "z\r\n",
};

static void check_same_answers(const struct server *server, const char *how,
                               char **expected)
{
    for (size_t i = 0; i < COUNT(requests); i++) {
        char *answer = exchange_all(server, requests[i]);
        cr_expect_str_eq(answer, expected[i], "%s: %s", how, requests[i]);
        free(answer);
    }
    check_normal(server);
}

static void limit_bytes(unsigned long in, unsigned long out)
{
    rule(FAULT_RECV)->bytes = in;
    rule(FAULT_SENDMSG)->bytes = rule(FAULT_SENDFILE)->bytes = out;
}

Test(room_io, short_reads_and_partial_writes_change_no_byte)
{
    struct server server = start_with_board("");
    char *expected[COUNT(requests)];
    publish_burst(&server, 3);
    for (size_t i = 0; i < COUNT(requests); i++)
        expected[i] = exchange_all(&server, requests[i]);
    limit_bytes(1, 0);
    check_same_answers(&server, "reads of a byte", expected);
    limit_bytes(0, 1);
    check_same_answers(&server, "writes of a byte", expected);
    limit_bytes(3, 7);
    check_same_answers(&server, "some bytes", expected);
    limit_bytes(0, 0);
    fail_every(FAULT_RECV, 2, EINTR);
    fail_every(FAULT_SENDMSG, 2, EINTR);
    fail_every(FAULT_SENDFILE, 2, EINTR);
    check_same_answers(&server, "interrupted calls", expected);
    fail_every(FAULT_OPENAT2, 1, ENOSYS);
    check_same_answers(&server, "without openat2", expected);
    for (size_t i = 0; i < COUNT(requests); i++)
        free(expected[i]);
    server_stop(&server);
}

/* As in an old container engine's sandbox. */
Test(room_io, without_openat2_links_are_followed_inside_and_no_further)
{
    static const struct exchange table[] = {
        {"relative", 200, "GET /link HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
         "leaf"},
        {"absolute", 200, "GET /absolute/leaf HTTP/1.1\r\n" HOST "\r\n",
         GOES_ON, "leaf"},
        {"outside", 404, "GET /up HTTP/1.1\r\n" HOST "\r\n", GOES_ON, NULL},
        {"outside", 404, "GET /top/secret HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
         NULL},
    };
    struct tree tree = tree_make();
    tree_write_text(&tree, "secret", "secret");
    tree_mkdir(&tree, "public/sub");
    tree_write_text(&tree, "public/sub/leaf", "leaf");
    tree_link(&tree, "public/link", "sub/leaf");
    char *sub = strdup(tree_path(&tree, "public/sub"));
    tree_link(&tree, "public/absolute", sub);
    free(sub);
    tree_link(&tree, "public/up", "../secret");
    tree_link(&tree, "public/top", tree.root);
    struct server server = start_with_board(tree.options);
    fail_every(FAULT_OPENAT2, 1, EPERM);
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
    tree_remove(&tree);
}

Test(room_io, when_a_file_cannot_be_opened)
{
    static const struct {
        enum fault function;
        int error, status;
    } cases[] = {
        {FAULT_OPENAT2, EMFILE, 503}, {FAULT_OPENAT2, ENFILE, 503},
        {FAULT_OPENAT2, ENOMEM, 503}, {FAULT_OPENAT2, EACCES, 403},
        {FAULT_OPENAT2, EIO, 500},    {FAULT_FSTAT, EIO, 500},
        {FAULT_OPEN, EMFILE, 503},    {FAULT_OPEN, EIO, 500},
    };
    struct server server = start_with_board("");
    int descriptors = count_descriptors(&server);
    for (size_t i = 0; i < COUNT(cases); i++) {
        fail_at(cases[i].function, 1, cases[i].error);
        if (cases[i].function == FAULT_OPEN) /* only behind a link */
            fail_at(FAULT_OPENAT2, 1, ELOOP);
        int status = ask(&server, "GET / HTTP/1.1\r\n" HOST "\r\n");
        cr_expect_eq(status, cases[i].status, "%s: %d",
                     strerrorname_np(cases[i].error), status);
        rule(cases[i].function)->at = rule(FAULT_OPENAT2)->at = 0;
    }
    check_normal(&server);
    wait_descriptors(&server, descriptors);
    server_stop(&server);
}
