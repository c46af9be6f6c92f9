/* SIGTERM and SIGINT: everyone is seen off, and it feels instant. */
#include "exchange.h"
#include "stall.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(shutdown, .timeout = TEST_SECONDS);

/* An end of stream as at shutdown: how long the client is to stay away, or 0 if
 * the stream was cut. */
static long read_retry(struct client *client)
{
    struct event event;
    char expected[64];
    if (!next_event(client, &event))
        return 0;
    snprintf(expected, sizeof(expected), "retry: %ld\n\n", event.retry);
    cr_expect_str_eq(event.raw, expected);
    cr_expect(event.retry >= 1000 && event.retry <= 5000, "%s", event.raw);
    cr_expect(client_closed(client) && !client->was_reset);
    cr_expect(client->complete);
    return event.retry;
}

static void read_end(struct client *client)
{
    cr_assert_neq(read_retry(client), 0, "EOF without retry");
}

static void allow_open_files(rlim_t count)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < count) {
        limit.rlim_cur = count;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            fail("the test needs %d open files", (int)count);
    }
}

enum { COUNT_ALL = 500 };

/* False if a slow machine has let the time pass after which the rest is cut. */
static bool see_off_five_hundred(void)
{
    struct server server = server_start("--max-clients 700");
    static struct client *clients[COUNT_ALL];
    for (int i = 0; i < COUNT_ALL; i++)
        clients[i] = subscribe(&server, "", "");
    wait_healthz(&server, "subscribers", COUNT_ALL);
    publish(&server, "the last one");

    double start = seconds_now();
    kill(server.pid, SIGTERM);
    bool seen[5001] = {false};
    int distinct = 0, cut = 0;
    for (int i = 0; i < COUNT_ALL; i++) {
        struct event event;
        bool got = next_event(clients[i], &event) && event.data != NULL;
        long retry = got ? read_retry(clients[i]) : 0;
        cut += retry == 0;
        distinct += retry != 0 && !seen[retry];
        seen[retry] = true;
        client_close(clients[i]);
    }
    server_wait(&server);
    cr_expect_lt(seconds_now() - start, 60);
    cr_assert(cut == 0 || late(start), "%d without message or retry", cut);
    cr_expect(cut > 0 || distinct > 100, "they would all come back at once");
    return cut == 0;
}

Test(shutdown, five_hundred_subscribers_get_retry_and_a_clean_end)
{
    allow_open_files(COUNT_ALL + 100);
    for (double start = seconds_now(); !see_off_five_hundred();)
        wait_a_moment(start, "500 clean ends before the rest is cut");
}

/* Whether they were hung up before the rest was cut, of which one still gets
 * its answer then. */
static bool see_idle_hung_up(int signal)
{
    struct server server = server_start("");
    struct client *stuck = send_half(&server);
    struct client *fresh = client_connect(&server);
    struct client *idle = client_connect(&server);
    client_send(idle, "GET /healthz HTTP/1.1\r\n" HOST "\r\n");
    client_read(idle);
    wait_healthz(&server, "clients", 4);
    kill(server.pid, signal);
    cr_expect(client_closed(idle));
    cr_expect(client_closed(fresh));
    bool answered = send_rest(stuck).status != 0;
    server_wait(&server);
    client_close(stuck);
    client_close(idle);
    client_close(fresh);
    return answered;
}

Test(shutdown, idle_connections_are_hung_up)
{
    static const int signals[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < COUNT(signals); i++)
        for (double start = seconds_now(); !see_idle_hung_up(signals[i]);)
            wait_a_moment(start, "idle connections to end before the rest");
}

/* Waits until the server does not take connections any more. */
static void wait_refused(const struct server *server)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)server->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    double start = seconds_now();
    for (;; wait_a_moment(start, "a refused connection")) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int result = connect(fd, (struct sockaddr *)&address, sizeof(address));
        close(fd);
        if (result != 0)
            return;
    }
}

/* False if a slow machine has let the time pass after which it is cut. */
static bool answer_in_flight(void)
{
    struct server server = server_start("");
    struct client *client = send_half(&server);
    double start = seconds_now();
    kill(server.pid, SIGTERM);
    wait_refused(&server);
    struct response response = send_rest(client);
    bool answered = response.status == 200;
    cr_assert(answered || late(start), "%s", response.status_line);
    const char *connection = response_field(&response, "Connection");
    cr_expect(!answered ||
              (connection != NULL && strcmp(connection, "close") == 0));
    cr_expect(client_closed(client));
    client_close(client);
    server_wait(&server);
    return answered;
}

Test(shutdown, requests_in_flight_are_answered)
{
    for (double start = seconds_now(); !answer_in_flight();)
        wait_a_moment(start, "an answer before the rest is cut");
}

/* A publisher that never ends its body has no time of its own. After 5 s the
 * rest has a second to leave by itself. False if a slow machine took longer. */
static bool cut_the_rest(void)
{
    struct server server = server_start("");
    struct client *deaf = stall(&server), *stuck = send_half(&server);
    double start = seconds_now();
    kill(server.pid, SIGTERM);
    server_wait(&server);
    double took = seconds_now() - start;
    cr_expect(took > 4 && took < 60, "it took %g s", took);
    client_close(stuck);
    client_close(deaf);
    return took < 7.5;
}

Test(shutdown, after_five_seconds_the_rest_is_cut)
{
    for (double start = seconds_now(); !cut_the_rest();)
        wait_a_moment(start, "an end after 6 s");
}

/* With a client that would hold up an orderly end for 5 s. The exit status says
 * which end it was; false if a slow machine has come to the orderly one. */
static bool end_by_a_second(int signal)
{
    struct server server = server_start("");
    struct client *stuck = send_half(&server);
    int status;
    double start = seconds_now();
    kill(server.pid, signal);
    wait_refused(&server);
    kill(server.pid, signal);
    cr_assert_eq(waitpid(server.pid, &status, 0), server.pid);
    bool at_once = WIFEXITED(status) && WEXITSTATUS(status) == 128 + signal;
    cr_assert(at_once || late(start), "status %#x", (unsigned)status);
    close(server.log);
    client_close(stuck);
    return at_once;
}

Test(shutdown, a_second_signal_ends_it_at_once)
{
    static const int signals[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < COUNT(signals); i++)
        for (double start = seconds_now(); !end_by_a_second(signals[i]);)
            wait_a_moment(start, "the second signal before the end");
}

/* As a script's background has SIGINT, and other launchers the rest. */
Test(shutdown, signals_that_were_ignored_at_the_start_end_it_as_well)
{
    static const int signals[] = {SIGTERM, SIGINT};
    const char *crier = getenv("CRIER");
    char command[4096];
    snprintf(command, sizeof(command),
             "/usr/bin/env --ignore-signal=INT,TERM,PIPE %s",
             crier != NULL ? crier : "build/crier");
    setenv("CRIER", command, 1);
    for (size_t i = 0; i < COUNT(signals); i++) {
        struct server server = server_start("");
        kill(server.pid, signals[i]);
        server_wait(&server);
    }
}

Test(shutdown, what_was_accepted_is_still_delivered)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    publish_burst(&server, 500);
    kill(server.pid, SIGTERM);
    for (int i = 0; i < 500; i++)
        next_message(client);
    read_end(client);
    client_close(client);
    server_wait(&server);
}

Test(shutdown, the_port_is_free_again_at_once)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    struct client *idle = client_connect(&server);
    char options[32];
    snprintf(options, sizeof(options), "--port %d", server.port);
    server_stop(&server);
    read_end(client);
    server = server_start(options);
    publish(&server, "hello");
    client_close(client);
    client_close(idle);
    server_stop(&server);
}

/* False if a slow machine has let the time pass that publishers have. */
static bool acknowledge_late(void)
{
    struct server server = server_start("");
    struct client *subscriber = subscribe(&server, "", "");
    struct client *publisher = send_half(&server);
    double start = seconds_now();
    kill(server.pid, SIGTERM);
    wait_refused(&server);
    bool accepted = send_rest(publisher).status == 200;
    cr_assert(accepted || late(start), "it was refused");
    if (accepted) {
        cr_expect_not_null(strstr(next_message(subscriber).data, "hello"));
        read_end(subscriber);
    }
    client_close(publisher);
    client_close(subscriber);
    server_wait(&server);
    return accepted;
}

/* Publishers leave first: what was acknowledged is heard. */
Test(shutdown, what_is_acknowledged_late_is_heard)
{
    for (double start = seconds_now(); !acknowledge_late();)
        wait_a_moment(start, "a publisher that is in time");
}

/* False if a slow machine has let the time pass after which the rest is cut. */
static bool refuse_what_is_too_late(void)
{
    struct server server = server_start("");
    struct client *subscriber = subscribe(&server, "", "");
    struct client *publisher = send_half(&server);
    kill(server.pid, SIGTERM);
    read_end(subscriber);
    struct response response = send_rest(publisher);
    bool answered = response.status != 0;
    if (answered) {
        cr_expect_eq(response.status, 503, "%s", response.status_line);
        cr_expect_not_null(response_field(&response, "Retry-After"));
    }
    client_close(publisher);
    client_close(subscriber);
    server_wait(&server);
    return answered;
}

/* After the subscribers have left, nobody would hear it. */
Test(shutdown, what_comes_too_late_is_refused)
{
    for (double start = seconds_now(); !refuse_what_is_too_late();)
        wait_a_moment(start, "an answer before the rest is cut");
}

/* The log tells of streams that were cut short. */
Test(shutdown, what_was_not_sent_is_counted)
{
    struct server server = server_start("");
    struct client *deaf = stall(&server);
    publish(&server, "not sent"); /* its thread may have taken all before */
    kill(server.pid, SIGTERM);
    free(server_log_line(&server, "1 streams were cut short"));
    server_wait(&server);
    client_close(deaf);
}
