/* The limits of size, and what clients get beyond them. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(sizes, .timeout = TEST_SECONDS);

/* n times c; free it. */
static char *repeat(char c, size_t n)
{
    char *text = calloc(1, n + 1);
    memset(text, c, n);
    return text;
}

/* Sends, and reads what must be an answer of that status, then the end of the
 * connection if so told. */
static void check_answer(const struct server *server, const char *request,
                         int status, bool closes)
{
    struct client *client = client_connect(server);
    client_send(client, request);
    struct response response = client_read(client);
    cr_expect_eq(response.status, status, "expected %d, got %s", status,
                 response.status_line);
    if (closes)
        cr_expect(client_closed(client));
    client_close(client);
}

Test(sizes, a_target_may_have_8_kib)
{
    static const struct {
        size_t size;
        int status;
    } cases[] = {{8000, 404}, {8300, 414}, {12000, 414}};
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *path = repeat('a', cases[i].size), *request;
        cr_assert_gt(
            asprintf(&request, "GET /%s HTTP/1.1\r\n" HOST "\r\n", path), 0);
        check_answer(&server, request, cases[i].status, cases[i].status == 414);
        free(request);
        free(path);
    }
    server_stop(&server);
}

Test(sizes, a_head_may_have_16_kib)
{
    static const struct {
        size_t size;
        int status;
    } cases[] = {{16000, 200}, {16500, 431}, {200000, 431}};
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *value = repeat('a', cases[i].size), *request;
        cr_assert_gt(asprintf(&request,
                              "GET /healthz HTTP/1.1\r\n" HOST "X: %s\r\n\r\n",
                              value),
                     0);
        check_answer(&server, request, cases[i].status, cases[i].status == 431);
        free(request);
        free(value);
    }
    server_stop(&server);
}

Test(sizes, many_fields_are_too_large_as_well)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "GET /healthz HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 10000; i++)
        client_send(client, "X: a\r\n");
    cr_expect_eq(client_read(client).status, 431);
    client_close(client);
    server_stop(&server);
}

/* A message of exactly that size, posted with the framing. */
static int post_size(const struct server *server, size_t size, bool chunked)
{
    static const char around[] = "{\"text\":\"\"}";
    char *text = repeat('a', size - strlen(around));
    struct client *client = client_connect(server);
    client_send(client, "POST /update HTTP/1.1\r\n" HOST);
    if (chunked)
        client_sendf(client,
                     "Transfer-Encoding: chunked\r\n\r\n%zx\r\n"
                     "{\"text\":\"%s\"}\r\n0\r\n\r\n",
                     size, text);
    else
        client_sendf(client,
                     "Content-Length: %zu\r\n\r\n"
                     "{\"text\":\"%s\"}",
                     size, text);
    struct response response = client_read(client);
    int status = response.status;
    if (status == 413) {
        cr_expect_str_eq(response_field(&response, "Content-Type"),
                         "application/json");
        cr_expect(client_closed(client) && !client->was_reset);
    }
    client_close(client);
    free(text);
    return status;
}

Test(sizes, a_body_may_have_64_kib)
{
    struct server server = server_start("");
    for (int chunked = 0; chunked < 2; chunked++) {
        cr_expect_eq(post_size(&server, 65536, chunked), 200);
        cr_expect_eq(post_size(&server, 65537, chunked), 413);
        cr_expect_eq(post_size(&server, 3000000, chunked), 413);
    }
    cr_expect_eq(healthz(&server, "messages"), 2);
    server_stop(&server);
}

/* Without waiting for what is too much: that would end by 408. */
Test(sizes, a_chunk_too_large_is_413_at_once)
{
    static const char *const sizes[] = {"10001", "7fffffffffffffff"};
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct client *client = client_connect(&server);
        client_sendf(client,
                     "POST /update HTTP/1.1\r\n" HOST
                     "Transfer-Encoding: chunked\r\n\r\n"
                     "1\r\n{\r\n%s\r\n",
                     sizes[i]);
        cr_expect_eq(client_read(client).status, 413);
        cr_expect(client_closed(client));
        client_close(client);
    }
    server_stop(&server);
}

Test(sizes, max_body_sets_another_size)
{
    struct server server = server_start("--max-body 1000000");
    cr_expect_eq(post_size(&server, 1000000, false), 200);
    cr_expect_eq(post_size(&server, 1000001, false), 413);
    server_stop(&server);
    server = server_start("--max-body 20");
    cr_expect_eq(post_size(&server, 20, true), 200);
    cr_expect_eq(post_size(&server, 21, true), 413);
    server_stop(&server);
}

Test(sizes, brackets_as_deep_as_a_body_crash_nothing)
{
    static const char *const openings[] = {"[", "{\"a\":", "{\"text\":["};
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(openings); i++) {
        size_t size = strlen(openings[i]), count = 60 * 1024 / size;
        char *body = malloc(count * size + 1);
        for (size_t n = 0; n < count; n++)
            memcpy(body + n * size, openings[i], size);
        struct reply reply = post_body(&server, body, count * size);
        cr_expect_eq(reply.status, 400);
        free(reply.body);
        free(body);
    }
    publish(&server, "still there");
    server_stop(&server);
}
