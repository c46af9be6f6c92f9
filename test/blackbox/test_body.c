/* Bodies of requests: chunked, and Expect: 100-continue. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(body, .timeout = TEST_SECONDS);

#define POST    "POST /update HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

/* All say {"text":"hello"}, 16 bytes. */
static const char *const chunked[] = {
    CHUNKED "10\r\n{\"text\":\"hello\"}\r\n0\r\n\r\n",
    CHUNKED "0010\r\n{\"text\":\"hello\"}\r\n000\r\n\r\n",
    CHUNKED "8\r\n{\"text\":\r\n8\r\n\"hello\"}\r\n0\r\n\r\n",
    CHUNKED "f\r\n{\"text\":\"hello\"\r\n1\r\n}\r\n0\r\n\r\n",
    CHUNKED "F\r\n{\"text\":\"hello\"\r\n1\r\n}\r\n0\r\n\r\n",
    CHUNKED "10;a\r\n{\"text\":\"hello\"}\r\n0;b=c\r\n\r\n",
    CHUNKED "10;a=b;c=\"d;e\\\"\"\r\n{\"text\":\"hello\"}\r\n0\r\n\r\n",
    CHUNKED "10 ;a\r\n{\"text\":\"hello\"}\r\n0\t;\tb\t=\tc\r\n\r\n",
    CHUNKED "10\r\n{\"text\":\"hello\"}\r\n0\r\nX: a\r\nY: b\r\n\r\n",
    CHUNKED "10\r\n{\"text\":\"hello\"}\r\n0\r\n"
            "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n",
    POST "Transfer-Encoding: Chunked\r\n\r\n"
         "10\r\n{\"text\":\"hello\"}\r\n0\r\n\r\n",
};

static void expect_hello(struct client *client, const char *what)
{
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200, "%s: '%s'", what, response.body);
    cr_expect(strncmp(response.body, "{\"text\":\"hello\",", 16) == 0, "%s: %s",
              what, response.body);
}

Test(body, may_be_chunked)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(chunked); i++) {
        client_send(client, chunked[i]);
        expect_hello(client, chunked[i]);
    }
    client_close(client);
    server_stop(&server);
}

Test(body, may_be_chunked_and_split_anywhere)
{
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(chunked); i++) {
        struct client *client = client_connect(&server);
        for (const char *at = chunked[i]; *at != '\0'; at++)
            client_send_bytes(client, at, 1);
        expect_hello(client, chunked[i]);
        client_send(client, chunked[i]);
        expect_hello(client, chunked[i]);
        client_close(client);
    }
    server_stop(&server);
}

Test(body, may_come_in_many_small_chunks)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, CHUNKED "9\r\n{\"text\":\"\r\n");
    for (int i = 0; i < 10000; i++)
        client_send(client, "1;x=y\r\na\r\n");
    client_send(client, "2\r\n\"}\r\n0\r\n\r\n");
    struct response response = client_read(client);
    cr_assert_eq(response.status, 200);
    cr_assert_eq(strspn(response.body + 9, "a"), 10000);
    client_close(client);
    server_stop(&server);
}

#define EXPECT   "Expect: 100-continue\r\n"
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

Test(body, is_asked_for_if_the_client_expects_that)
{
    static const char *const fields[] = {"Content-Length: 16",
                                         "Transfer-Encoding: chunked"};
    static const char *const bodies[] = {
        "{\"text\":\"hello\"}", "10\r\n{\"text\":\"hello\"}\r\n0\r\n\r\n"};
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    for (int i = 0; i < 2; i++) {
        client_sendf(client, POST "%s\r\nexpect: 100-Continue\r\n\r\n",
                     fields[i]);
        const char *bytes = client_read_bytes(client, strlen(CONTINUE));
        cr_expect_str_eq(bytes, CONTINUE);
        client_send(client, bodies[i]);
        expect_hello(client, fields[i]);
    }
    client_close(client);
    server_stop(&server);
}

/* RFC 9110, 15.5.16. */
Test(body, that_is_compressed_is_415)
{
    static const struct exchange table[] = {
        {"gzip", 415,
         POST "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", CLOSES,
         "Accept-Encoding: identity"},
        {"JSON", 415,
         POST "content-encoding: br\r\nContent-Length: 3\r\n\r\nabc", CLOSES,
         "{\"error\":\"no content coding is served: send the body as it is, "
         "without Content-Encoding\"}"},
        {"chunked", 415,
         POST "Content-Encoding: x-gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
              "0\r\n\r\n",
         CLOSES, NULL},
        {"one of two", 415,
         POST "Content-Encoding: identity, zstd\r\n"
              "Content-Length: 3\r\n\r\nabc",
         CLOSES, NULL},
        {"the second field", 415,
         POST "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"
              "Content-Length: 3\r\n\r\nabc",
         CLOSES, NULL},
        {"a valid message", 415,
         POST "Content-Encoding: gzip\r\n"
              "Content-Length: 12\r\n\r\n{\"text\":\"x\"}",
         CLOSES, NULL},
        {"no coding", 200,
         POST "Content-Encoding: Identity\r\n"
              "Content-Length: 12\r\n\r\n{\"text\":\"x\"}",
         GOES_ON, NULL},
        {"no value", 200,
         POST "Content-Encoding:\r\n"
              "Content-Length: 12\r\n\r\n{\"text\":\"x\"}",
         GOES_ON, NULL},
        {"no body", 400, POST "Content-Encoding: gzip\r\n\r\n", GOES_ON, NULL},
        {"GET", 200,
         "GET /healthz HTTP/1.1\r\n" HOST "Content-Encoding: gzip\r\n\r\n",
         GOES_ON, NULL},
        {"missing", 404,
         "POST /x HTTP/1.1\r\n" HOST
         "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
         CLOSES, NULL},
    };
    struct server server = server_start("");
    check_exchanges(&server, table, COUNT(table));
    cr_expect_eq(healthz(&server, "messages"), 2);
    server_stop(&server);
}

/* After such an answer nobody knows whether the body comes, so it ends. */
Test(body, that_is_not_wanted_is_not_asked_for)
{
    static const struct {
        const char *request;
        int status;
    } cases[] = {
        {POST EXPECT "Content-Length: 1000000\r\n\r\n", 413},
        {POST EXPECT "Origin: http://a.example\r\nContent-Length: 5\r\n\r\n",
         403},
        {"PUT /update HTTP/1.1\r\n" HOST EXPECT "Content-Length: 5\r\n\r\n",
         405},
        {"POST /x HTTP/1.1\r\n" HOST EXPECT "Content-Length: 5\r\n\r\n", 404},
        {POST EXPECT "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n",
         415},
        {POST "Expect: 200-ok\r\nContent-Length: 5\r\n\r\n", 417},
    };
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct client *client = client_connect(&server);
        client_send(client, cases[i].request);
        struct response response = client_read(client);
        cr_expect_eq(response.status, cases[i].status, "%s: %s",
                     cases[i].request, response.status_line);
        client_close(client);
    }
    server_stop(&server);
}

/* The head must have been read before the body comes, or nothing is asked for
 * anyway: many other requests are served in between. */
Test(body, of_http_1_0_is_never_asked_for)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "POST /update HTTP/1.0\r\n" EXPECT
                        "Content-Length: 16\r\n\r\n");
    for (int i = 0; i < 20; i++)
        cr_expect_eq(healthz(&server, "messages"), 0);
    client_send(client, "{\"text\":\"hello\"}");
    expect_hello(client, "1.0");
    client_close(client);
    server_stop(&server);
}
