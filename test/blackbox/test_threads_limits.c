/* Who may look at the threads, how many, and what slow motion leaves alone. */
#include "exchange.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(threads_limits, .timeout = TEST_SECONDS);

enum { VIEWERS = 64 };

static int ask_threads(const struct server *server, const char *host)
{
    struct client *client = client_connect(server);
    client_sendf(client, "GET /threads HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    struct response response = client_read(client);
    client_close(client);
    return response.status;
}

/* A page of somebody else's, whose name was made to point here. */
Test(threads_limits, they_are_shown_by_our_names_alone)
{
    struct server server = server_start("--server-name class.example");
    cr_expect_eq(ask_threads(&server, "evil.example"), 403);
    cr_expect_eq(ask_threads(&server, "localhost"), 200);
    cr_expect_eq(ask_threads(&server, "127.0.0.1:3000"), 200);
    cr_expect_eq(ask_threads(&server, "class.example"), 200);
    server_stop(&server);
}

Test(threads_limits, viewers_are_counted)
{
    struct server server = server_start("");
    struct client *viewers[VIEWERS];
    for (int i = 0; i < VIEWERS; i++)
        viewers[i] = watch(&server, "/threads");
    struct client *late = client_connect(&server);
    client_send(late, "GET /threads HTTP/1.1\r\n" HOST "\r\n");
    struct response response = client_read(late);
    cr_expect_eq(response.status, 503);
    cr_expect_str_eq(response_field(&response, "Retry-After"), "1");
    for (int i = 0; i < VIEWERS; i++)
        client_close(viewers[i]);
    for (double start = seconds_now(); ask_threads(&server, "localhost") != 200;
         wait_a_moment(start, "a place for another viewer"))
        ;
    client_close(late);
    server_stop(&server);
}

/* Whether it was answered while the subscriber was still in its slow turn. */
static bool poll_in_a_slow_turn(void)
{
    struct server server = server_start("--classroom --turns 1");
    struct client *a = subscribe(&server, "", ""), *client;
    client = client_connect(&server);
    client_send(client, "POST /slow?ms=5000 HTTP/1.1\r\n" HOST
                        "Content-Length: 0\r\n\r\n");
    cr_expect_eq(client_read(client).status, 200);
    publish(&server, "slowly");
    client_send(client, "GET /poll?after=0 HTTP/1.1\r\n" HOST "\r\n");
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200);
    cr_expect_not_null(strstr(response.body, "slowly"));
    bool in_time = !client_has_input(a);
    client_close(client);
    client_close(a);
    server_stop(&server);
    return in_time;
}

Test(threads_limits, a_short_poll_waits_for_no_slow_turn)
{
    for (double start = seconds_now(); !poll_in_a_slow_turn();)
        wait_a_moment(start, "an answer before the end of a turn of 5 s");
}

/* Returns how many turns have ended; 403 without --classroom is -1. */
static int step(const struct server *server, const char *target)
{
    struct reply reply = command_with(server, target, "");
    int steps = -1;
    if (reply.status == 200)
        cr_expect_eq(sscanf(reply.body, "{\"steps\":%d}", &steps), 1);
    else
        cr_expect_eq(reply.status, 403);
    free(reply.body);
    return steps;
}

Test(threads_limits, turns_end_step_by_step)
{
    struct server server = server_start("--classroom --turns 1");
    struct client *a = subscribe(&server, "", "");
    struct client *b = subscribe(&server, "", "");
    wait_healthz(&server, "subscribers", 2);
    cr_expect_eq(step(&server, "/slow?step"), 0);
    publish(&server, "slowly");
    for (double start = seconds_now(); step(&server, "/slow?step") == 0;)
        wait_a_moment(start, "a turn to end");
    for (double start = seconds_now();
         !client_has_input(a) && !client_has_input(b);)
        wait_a_moment(start, "the message to arrive");
    cr_expect_not(client_has_input(a) && client_has_input(b));
    while (step(&server, "/slow?step=message") > 0)
        ;
    cr_expect_str_eq(next_message(a).id, next_message(b).id);
    client_close(a);
    client_close(b);
    server_stop(&server);

    server = server_start("");
    cr_expect_eq(step(&server, "/slow?step"), -1);
    server_stop(&server);
}
