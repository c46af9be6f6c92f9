/*
 * The limits of time. They are 10 and 15 s long, so all of them run beside
 * each other in the threads of one test.
 */
#include "exchange.h"
#include "stall.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

TestSuite(timeouts, .timeout = TEST_SECONDS);
/* Its name lets the longest test of all begin among the first. */
TestSuite(class, .timeout = TEST_SECONDS);

/* Clocks that differ a little, and a thread that was started late. */
#define SLACK 0.5

static void expect_elapsed(double start, double least, const char *what)
{
    double elapsed = seconds_now() - start;
    if (elapsed < least - SLACK)
        fail("%s came after %g s already", what, elapsed);
}

/* Waits for 408 and the end of the connection. */
static void expect_408(struct client *client, double start, const char *what)
{
    struct response response = client_read(client);
    expect_elapsed(start, 10, what);
    const char *connection = response_field(&response, "Connection");
    if (response.status != 408 || connection == NULL ||
        strcmp(connection, "close") != 0)
        fail("%s: '%s'", what, response.status_line);
    if (strncmp(what, "body", 4) == 0 &&
        strncmp(response.body, "{\"error\":", 9) != 0)
        fail("%s: '%s'", what, response.body);
    if (!client_closed(client))
        fail("%s: the connection goes on", what);
    client_close(client);
}

static void *half_a_head(void *server)
{
    double start = seconds_now();
    struct client *client = client_connect(server);
    client_send(client, "GET /healthz HTTP/1.1\r\nHost: loc");
    expect_408(client, start, "head");
    return NULL;
}

/* A byte now and then does not count as progress. */
static void *trickled_head(void *server)
{
    double start = seconds_now();
    struct client *client = client_connect(server);
    client_send(client, "GET /healthz HTTP/1.1\r\n" HOST "X: ");
    for (double next = start; !client_has_input(client);
         wait_a_moment(start, "408")) {
        if (seconds_now() < next)
            continue;
        client_send(client, "a");
        next = seconds_now() + 0.5;
    }
    expect_408(client, start, "trickled head");
    return NULL;
}

/* The first byte starts the clock, on a persistent connection as well. */
static void *half_a_second_head(void *server)
{
    struct client *client = client_connect(server);
    client_send(client, "GET /healthz HTTP/1.1\r\n" HOST "\r\n");
    client_read(client);
    double start = seconds_now(); /* before what starts the server's clock */
    client_send(client, "GE");
    expect_408(client, start, "second head");
    return NULL;
}

static void *half_a_body(void *server)
{
    double start = seconds_now();
    struct client *client = client_connect(server);
    client_send(client, "POST /update HTTP/1.1\r\n" HOST
                        "Content-Length: 16\r\n\r\n{\"text\":");
    expect_408(client, start, "body");
    return NULL;
}

static void *half_a_chunk(void *server)
{
    double start = seconds_now();
    struct client *client = client_connect(server);
    client_send(client, "POST /update HTTP/1.1\r\n" HOST
                        "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"text\":");
    expect_408(client, start, "body in chunks");
    return NULL;
}

static void *idle_after_a_request(void *server)
{
    struct client *client = client_connect(server);
    double start = seconds_now();
    client_send(client, "GET /healthz HTTP/1.1\r\n" HOST "\r\n");
    client_read(client);
    if (!client_closed(client))
        fail("an idle connection is told something before it is closed");
    /* Later than Keep-Alive tells, for what is under way by then. */
    expect_elapsed(start, 17, "the end of an idle connection");
    client_close(client);
    return NULL;
}

static void *idle_from_the_start(void *server)
{
    double start = seconds_now();
    struct client *client = client_connect(server);
    if (!client_closed(client))
        fail("a connection without a byte is told something");
    expect_elapsed(start, 10, "the end of a silent connection");
    client_close(client);
    return NULL;
}

static void *default_heartbeat(void *server)
{
    double start = seconds_now();
    struct client *client = subscribe(server, "", "");
    struct event event;
    if (!next_block(client, &event) || strcmp(event.raw, ":\n\n") != 0)
        fail("a heartbeat should come, not '%s'", event.raw);
    expect_elapsed(start, 15, "the first heartbeat");
    client_close(client);
    return NULL;
}

Test(timeouts, of_heads_bodies_idle_connections_and_heartbeats)
{
    static void *(*const cases[])(void *) = {
        half_a_head,         trickled_head,     half_a_second_head,
        half_a_body,         half_a_chunk,      idle_after_a_request,
        idle_from_the_start, default_heartbeat,
    };
    struct server server = server_start("");
    pthread_t threads[COUNT(cases)];
    for (size_t i = 0; i < COUNT(cases); i++)
        pthread_create(&threads[i], NULL, cases[i], &server);
    for (size_t i = 0; i < COUNT(cases); i++)
        pthread_join(threads[i], NULL);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}

static void wait_until(double time)
{
    double start = seconds_now();
    while (seconds_now() < time)
        wait_a_moment(start, "the next line");
}

/* Types a request, whose head and body take 12 s each. */
static void *typed_by_hand(void *server)
{
    struct client *client = client_connect(server);
    double start = seconds_now();
    client_send(client, "POST /update HTTP/1.1\r\n");
    wait_until(start + 12);
    client_send(client, HOST "Content-Length: 16\r\n\r\n{");
    wait_until(start + 24);
    client_send(client, "\"text\":\"typed\"}");
    struct response response = client_read(client);
    if (response.status != 200)
        fail("a request typed by hand: '%s'", response.status_line);
    client_close(client);
    return NULL;
}

/* The server hangs up after a minute; the client's patience is shorter. */
static void *typed_too_slowly(void *server)
{
    double start = seconds_now();
    struct client *client = client_connect(server);
    client_send(client, "GET /healthz HTTP/1.1\r\n");
    wait_until(start + 25);
    client_send(client, "X: ");
    wait_until(start + 50);
    struct response response = client_read(client);
    expect_elapsed(start, 60, "head in class");
    if (response.status != 408)
        fail("head in class: '%s'", response.status_line);
    client_close(client);
    return NULL;
}

Test(class, has_a_minute_for_a_request)
{
    struct server server = server_start("--classroom");
    pthread_t typed, slow;
    pthread_create(&typed, NULL, typed_by_hand, &server);
    pthread_create(&slow, NULL, typed_too_slowly, &server);
    pthread_join(typed, NULL);
    pthread_join(slow, NULL);
    cr_expect_eq(healthz(&server, "messages"), 1);
    server_stop(&server);
}

/* 60 KiB at 1 KiB/s may take a minute. They take 13 s, to tell that from 10. */
static void send_large_body_slowly(struct client *client)
{
    enum { SIZE = 60 * 1024, STEPS = 130 };
    static char body[SIZE];
    memset(body, ' ', SIZE);
    memcpy(body, "{\"text\":\"slow\"", 14);
    body[SIZE - 1] = '}';
    client_sendf(client,
                 "POST /update HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n",
                 SIZE);
    double start = seconds_now();
    for (int i = 0; i < STEPS && !client_has_input(client); i++) {
        while (seconds_now() - start < 0.1 * i)
            wait_a_moment(start, "13 s");
        client_send_bytes(client, body + SIZE / STEPS * i, SIZE / STEPS);
    }
    client_send_bytes(client, body + SIZE / STEPS * STEPS, SIZE % STEPS);
}

Test(timeouts, of_a_large_body_are_longer)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    send_large_body_slowly(client);
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200, "'%s'", response.status_line);
    client_close(client);
    cr_expect_eq(healthz(&server, "messages"), 1);
    server_stop(&server);
}

Test(timeouts, of_writes_end_a_stream_that_nobody_reads)
{
    struct server server = server_start("");
    double start = seconds_now(); /* before the buffers are full */
    struct client *deaf = stall(&server);
    wait_healthz(&server, "subscribers", 0);
    expect_elapsed(start, 10, "the end of a stream that nobody reads");
    wait_healthz(&server, "clients", 1);
    client_close(deaf);
    server_stop(&server);
}
