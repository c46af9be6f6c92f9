/* The limits of size and number, and what clients get beyond them. */
#include "exchange.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

TestSuite(limits, .timeout = 120);

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

Test(limits, a_target_may_have_8_kib)
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

Test(limits, a_head_may_have_16_kib)
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

Test(limits, many_fields_are_too_large_as_well)
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
        cr_expect(client_closed(client));
    }
    client_close(client);
    free(text);
    return status;
}

Test(limits, a_body_may_have_64_kib)
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

/* Without waiting for what is too much. */
Test(limits, a_chunk_too_large_is_413_at_once)
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
        double start = seconds_now();
        cr_expect_eq(client_read(client).status, 413);
        cr_expect_lt(seconds_now() - start, 8);
        cr_expect(client_closed(client));
        client_close(client);
    }
    server_stop(&server);
}

Test(limits, max_body_sets_another_size)
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

Test(limits, brackets_as_deep_as_a_body_crash_nothing)
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

/* Those who left make room, as soon as that is noticed. */
static void wait_for_room(const struct server *server)
{
    double start = seconds_now();
    for (int status = 503; status == 503;
         wait_a_moment(start, "room for a client")) {
        struct client *client = client_connect(server);
        client_send(client, "GET /missing HTTP/1.1\r\n" HOST "\r\n");
        status = client_read(client).status;
        client_close(client);
    }
}

/* The limit is counted in clients; a refused one must not stay either. */
Test(limits, beyond_max_clients_is_503_with_retry_after)
{
    enum { MOST = 5 };
    struct server server = server_start("--max-clients 5");
    struct client *clients[MOST];
    for (int i = 0; i < MOST; i++) {
        clients[i] = client_connect(&server);
        client_send(clients[i], "GET /missing HTTP/1.1\r\n" HOST "\r\n");
        cr_assert_eq(client_read(clients[i]).status, 404);
    }
    for (int i = 0; i < 20; i++) {
        struct client *client = client_connect(&server);
        client_send(client, "GET /missing HTTP/1.1\r\n" HOST "\r\n");
        struct response response = client_read(client);
        cr_expect_eq(response.status, 503);
        const char *after = response_field(&response, "Retry-After");
        cr_expect(after != NULL && atoi(after) > 0, "%s", after);
        cr_expect(client_closed(client));
        client_close(client);
    }
    client_close(clients[0]);
    wait_for_room(&server);
    for (int i = 1; i < MOST; i++)
        client_close(clients[i]);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}

/* A subscriber that was refused is told, by a stream that ends, to come back;
 * after a 503 an EventSource never would. */
Test(limits, subscribers_leave_64_connections_for_others)
{
    struct server server = server_start("--max-clients 66");
    struct client *first = subscribe(&server, "", "");
    struct client *second = subscribe(&server, "", "");
    for (int i = 0; i < 3; i++) {
        struct client *third = subscribe(&server, "?lastEventId=0", "");
        struct event event;
        char expected[64];
        cr_assert(next_event(third, &event));
        snprintf(expected, sizeof(expected), "retry: %ld\n\n", event.retry);
        cr_expect_str_eq(event.raw, expected);
        cr_expect_gt(event.retry, 0);
        cr_expect(client_closed(third) && !third->was_reset);
        client_close(third);
        publish(&server, "for two");
    }
    cr_expect_eq(healthz(&server, "subscribers"), 2);
    for (int i = 0; i < 3; i++) {
        next_message(first);
        next_message(second);
    }
    client_close(first);
    wait_healthz(&server, "subscribers", 1);
    first = subscribe(&server, "?limit=1", "");
    publish(&server, "hello");
    next_message(first);
    client_close(first);
    client_close(second);
    server_stop(&server);
}

static double cpu_seconds(pid_t pid)
{
    char path[64];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file,
                               "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u "
                               "%*u %*u %*u %lu %lu",
                               &user, &system) != 2)
        fail("cannot read %s", path);
    fclose(file);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* The open-files limit is lowered behind the server's back, so that accept
 * runs into it long before --max-clients. */
Test(limits, without_descriptors_clients_get_503_and_accept_does_not_spin)
{
    struct server server = server_start_unprivileged("--max-clients 1000");
    server_limit(&server, RLIMIT_NOFILE, 40);
    struct client *clients[60];
    int refused = 0;
    double cpu = cpu_seconds(server.pid);
    for (size_t i = 0; i < COUNT(clients); i++) {
        clients[i] = client_connect(&server);
        client_send(clients[i], "GET /update HTTP/1.1\r\n" HOST "\r\n");
        int status = client_read(clients[i]).status;
        cr_expect(status == 405 || status == 503, "%d", status);
        refused += status == 503;
    }
    cr_expect_geq(refused, 20);
    cr_expect_lt(cpu_seconds(server.pid) - cpu, 1);
    for (size_t i = 0; i < COUNT(clients); i++)
        client_close(clients[i]);
    wait_for_room(&server);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}

/* By the limit of processes, which counts threads, and which root has not. */
Test(limits, without_threads_clients_get_503)
{
    struct server server = server_start_unprivileged("");
    server_limit(&server, RLIMIT_NPROC, 1);
    for (int i = 0; i < 5; i++)
        check_answer(&server, "GET /missing HTTP/1.1\r\n" HOST "\r\n", 503,
                     true);
    server_limit(&server, RLIMIT_NPROC, SIZE_MAX);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}
