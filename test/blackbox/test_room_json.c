/*
 * Room: what a JSON body costs, in memory and in time, when many are posted.
 */
#include "room.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

TestSuite(room_json, .timeout = TEST_SECONDS);

#define MIB (1024L * 1024L)

/* What /proc says of the server's memory, in bytes. */
static long memory(const struct server *server, const char *name)
{
    char path[64], line[256];
    long kib = -1;
    snprintf(path, sizeof(path), "/proc/%d/status", server->pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && kib < 0 && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            kib = atol(line + strlen(name));
    if (kib < 0)
        fail("%s has no %s", path, name);
    fclose(file);
    return kib * 1024;
}

/* A sanitizer takes many gigabytes of addresses, and memory for itself. So its
 * server gets no limit, and no figure of its memory says anything; its answers
 * are checked all the same. */
static bool is_plain(const struct server *server)
{
    return memory(server, "VmSize:") < 2048 * MIB;
}

/* start, then count times the part, then end; free it. */
static char *repeat(const char *start, const char *part, size_t count,
                    const char *end)
{
    size_t size = strlen(part);
    char *body = malloc(strlen(start) + count * size + strlen(end) + 1);
    char *at = stpcpy(body, start);
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, part);
    strcpy(at, end);
    return body;
}

static int post_status(const struct server *server, const char *body)
{
    struct reply reply = post_body(server, body, strlen(body));
    free(reply.body);
    return reply.status;
}

/* ---- how many values --------------------------------------------------- */

/* The object, its text, the array and the 0 in it are four values. */
static const struct {
    const char *part;
    size_t count;
    int status;
} values[] = {
    {",{}", 2556, 200},
    {",{}", 2557, 413},
    {",\"\\\"[,\"", 2556, 200},
    {",\"\\\"[,\"", 2557, 413},
    {",{\"a\":1}", 1278, 200},
    {",{\"a\":1}", 1279, 413},
    {", [ 1 , 2 ] ", 852, 200},
    {", [ 1 , 2 ] ", 853, 413},
    {",-1.5e3", 2556, 200},
    {",null", 2557, 413},
    {",{\"\\\\\":\"\"}", 20, 200},
    {",{}", 20000, 413},
};

Test(room_json, a_body_may_have_2560_values)
{
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(values); i++) {
        char *body = repeat("{\"text\":\"a\",\"b\":[0", values[i].part,
                            values[i].count, "]}");
        int status = post_status(&server, body);
        cr_expect_eq(status, values[i].status, "%zu of '%s': %d",
                     values[i].count, values[i].part, status);
        free(body);
    }
    server_stop(&server);
}

/* Colons take names away from the count; they may take nothing else. */
Test(room_json, nothing_behind_the_values_hides_them)
{
    struct server server = server_start("");
    char *start = repeat("[0", ",{}", 9000, "");
    char *body = repeat(start, ":", 20000, "");
    struct reply reply = post_body(&server, body, strlen(body));
    cr_expect_eq(reply.status, 413);
    cr_expect_str_eq(reply.body,
                     "{\"error\":\"the body has more than 2560 JSON values\"}");
    free(reply.body);
    free(body);
    free(start);
    server_stop(&server);
}

/* ---- many at once ------------------------------------------------------ */

enum { CLIENTS = 40, ROUNDS = 5 };

struct sender {
    const struct server *server;
    const char *body;
    pthread_t thread;
    int status;
};

/* A client that cannot have a thread may be gone before it has its 503. */
static void *send_body(void *argument)
{
    struct sender *s = argument;
    size_t size = strlen(s->body) + 256;
    char *request = malloc(size);
    snprintf(request, size,
             "POST /update HTTP/1.1\r\n" CLOSE "Content-Length: %zu\r\n\r\n%s",
             strlen(s->body), s->body);
    char *answer = exchange_all(s->server, request);
    if (answer == NULL || sscanf(answer, "HTTP/1.1 %d", &s->status) != 1)
        s->status = 0;
    free(answer);
    free(request);
    return NULL;
}

/* All clients post the body at once. Each gets one of the two statuses. */
static void check_crowd(const struct server *server, const char *body,
                        int status)
{
    struct sender senders[CLIENTS];
    int refused = 0;
    for (int i = 0; i < CLIENTS; i++) {
        senders[i] = (struct sender){.server = server, .body = body};
        if (pthread_create(&senders[i].thread, NULL, send_body, &senders[i]))
            fail("no thread for a client");
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(senders[i].thread, NULL);
        cr_expect(senders[i].status == status || senders[i].status == 503,
                  "%d, not %d or 503", senders[i].status, status);
        refused += senders[i].status == 503;
    }
    cr_log_info("%d of %d refused for memory", refused, CLIENTS);
}

/* In a memory limit, whoever gets no memory is refused, and waits for none. */
static void check_crowds(const char *body, int status)
{
    struct server server = server_start_unprivileged("--history 4");
    publish(&server, "before");
    long before = memory(&server, "VmRSS:");
    bool plain = is_plain(&server);
    if (plain)
        server_limit(&server, RLIMIT_AS,
                     (size_t)(memory(&server, "VmSize:") + 16 * MIB));
    for (int i = 0; i < ROUNDS; i++)
        check_crowd(&server, body, status);
    wait_healthz(&server, "clients", 1);
    long after = memory(&server, "VmRSS:");
    cr_expect(!plain || after < before + 12 * MIB, "%ld KiB became %ld KiB",
              before / 1024, after / 1024);
    check_normal(&server);
    server_stop(&server);
}

Test(room_json, forty_bodies_with_too_many_values_at_once)
{
    char *body = repeat("[{}", ",{}", 20900, "]");
    check_crowds(body, 413);
    free(body);
}

Test(room_json, forty_bodies_with_many_values_at_once)
{
    char *body = repeat("{\"text\":\"a\",\"b\":[0", ",{}", 2500, "]}");
    check_crowds(body, 200);
    free(body);
}

Test(room_json, forty_bodies_with_a_long_string_at_once)
{
    char *body = repeat("{\"text\":\"", "\\u0041", 10000, "\"}");
    check_crowds(body, 200);
    free(body);
}

/* ---- the stack --------------------------------------------------------- */

static struct client *post_and_stay(const struct server *server,
                                    const char *body)
{
    struct client *client = client_connect(server);
    client_sendf(client,
                 "POST /update HTTP/1.1\r\n" HOST
                 "Content-Length: %zu\r\n\r\n%s",
                 strlen(body), body);
    cr_expect_eq(client_read(client).status, 200);
    return client;
}

/* A parse that is 2,040 levels deep needs 200 KiB of the thread's stack. The
 * first clients count for nothing: with them malloc's arenas grow. */
Test(room_json, a_deep_body_keeps_no_stack)
{
    enum { FIRST = 40, DEEP = 200, LEVELS = 2040 };
    struct server server = server_start("");
    struct client *clients[FIRST + DEEP];
    char *open = repeat("{\"text\":\"a\",\"b\":", "{\"a\":", LEVELS, "1");
    char *body = repeat(open, "}", LEVELS, "}");
    long before = 0;
    for (int i = 0; i < FIRST + DEEP; i++) {
        if (i == FIRST)
            before = memory(&server, "VmRSS:");
        clients[i] = post_and_stay(&server, body);
    }
    long each = (memory(&server, "VmRSS:") - before) / DEEP;
    cr_log_info("%ld KiB stay for each connection", each / 1024);
    cr_expect(!is_plain(&server) || each < 120 * 1024,
              "%ld KiB stay for each connection", each / 1024);
    for (int i = 0; i < FIRST + DEEP; i++)
        client_close(clients[i]);
    free(body);
    free(open);
    server_stop(&server);
}
