/*
 * Room: no descriptors, threads or places left, and calls of accept and epoll
 * that fail.
 */
#include "room.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

TestSuite(room, .timeout = TEST_SECONDS);

/* ---- descriptors, threads, accept ------------------------------------- */

Test(room, without_descriptors)
{
    struct server server = server_start_unprivileged("--max-clients 1000");
    struct client *early = client_connect(&server), *clients[60];
    double start = seconds_now();
    client_send(early, GET_MISSING);
    cr_assert_eq(client_read(early).status, 404);
    server_limit(&server, RLIMIT_NOFILE, 40);
    for (size_t i = 0; i < COUNT(clients); i++) {
        clients[i] = client_connect(&server);
        client_send(clients[i], GET_MISSING);
        int status = client_read(clients[i]).status;
        cr_expect(status == 404 || status == 503, "%d", status);
    }
    client_send(early, "GET / HTTP/1.1\r\n" HOST "\r\n");
    cr_expect_eq(client_read(early).status, 503, "a file");
    for (int i = 0; i < 100; i++)
        check_turned_away(&server);
    check_a_second_without_spinning(&server);
    check_errors(&server, 1, 1, start);

    server_limit(&server, RLIMIT_NOFILE, SIZE_MAX);
    client_send(early, "GET / HTTP/1.1\r\n" HOST "\r\n");
    cr_expect_eq(client_read(early).status, 200);
    client_close(early);
    for (size_t i = 0; i < COUNT(clients); i++)
        client_close(clients[i]);
    check_normal(&server);
    server_stop(&server);
}

Test(room, without_threads)
{
    struct server server = start_with_board("");
    double start = seconds_now();
    for (int round = 1; round <= 2; round++) {
        fail_every(FAULT_PTHREAD_CREATE, 1, 0);
        for (int i = 0; i < 100; i++)
            check_turned_away(&server);
        check_a_second_without_spinning(&server);
        check_errors(&server, 1, round, start);
        fail_every(FAULT_PTHREAD_CREATE, 0, 0);
        check_normal(&server);
    }
    server_stop(&server);
}

static const struct {
    int error;
    unsigned long every; /* 2: giving up the reserve helps, and is no error */
} accept_pressure[] = {
    {EMFILE, 1}, {EMFILE, 2},  {ENFILE, 1}, {ENFILE, 2},
    {ENOMEM, 1}, {ENOBUFS, 1}, {EPERM, 1},
};

Test(room, when_accept_fails_for_want_of_room)
{
    for (size_t i = 0; i < COUNT(accept_pressure); i++) {
        const char *error = strerrorname_np(accept_pressure[i].error);
        struct server server = start_with_board("");
        double start = seconds_now();
        /* A call that is under way already may still succeed. */
        fail_every(FAULT_ACCEPT4, accept_pressure[i].every,
                   accept_pressure[i].error);
        struct client *clients[10];
        for (size_t n = 0; n < COUNT(clients); n++) {
            clients[n] = client_connect(&server);
            client_send(clients[n], GET_MISSING);
        }
        check_a_second_without_spinning(&server);
        double took = seconds_now() - start;
        cr_expect(rule(FAULT_ACCEPT4)->failed >= 1 &&
                      (double)rule(FAULT_ACCEPT4)->calls < 1000 * took,
                  "%s: %lu calls of accept in %g s", error,
                  rule(FAULT_ACCEPT4)->calls, took);
        check_errors(&server, accept_pressure[i].every == 1, 1, start);
        fail_every(FAULT_ACCEPT4, 0, 0);
        for (size_t n = 0; n < COUNT(clients); n++) {
            int status = client_read(clients[n]).status;
            cr_expect(status == 404 || status == 503, "%s: %d", error, status);
            client_close(clients[n]);
        }
        check_normal(&server);
        server_stop(&server);
    }
}

/* The library takes the client along, as the kernel does. */
Test(room, when_accept_fails_with_the_client)
{
    static const int errors[] = {ECONNABORTED, EPROTO, ENETDOWN, EHOSTUNREACH};
    struct server server = start_with_board("");
    double start = seconds_now();
    for (size_t i = 0; i < COUNT(errors); i++) {
        fail_every(FAULT_ACCEPT4, 2, errors[i]);
        int served = 0;
        for (int n = 0; n < 40; n++) {
            struct client *client = client_connect(&server);
            client_send(client, GET_MISSING);
            if (!client_closed(client))
                served += client_read(client).status == 404;
            client_close(client);
        }
        cr_expect(served >= 19 && served <= 21, "%d of 40", served);
        /* One call has already been chosen to fail, perhaps. */
        fail_every(FAULT_ACCEPT4, 0, 0);
        client_close(client_connect(&server));
        check_normal(&server);
        check_errors(&server, 0, (int)i + 1, start);
    }
    server_stop(&server);
}

/* ---- places ------------------------------------------------------------ */

/* In a full house clients come and go: that is one pressure, not hundreds. */
Test(room, beyond_max_clients)
{
    struct server server = server_start("--max-clients 5");
    struct client *clients[5];
    double start = seconds_now();
    for (size_t i = 0; i < COUNT(clients); i++)
        clients[i] = enter(&server);
    for (int i = 0; i < 200; i++)
        check_turned_away(&server);
    check_a_second_without_spinning(&server);
    check_errors(&server, 1, 1, start);
    for (int i = 0; i < 200; i++) {
        client_close(clients[i % 5]);
        clients[i % 5] = enter(&server);
        check_turned_away(&server);
    }
    check_errors(&server, 1, 10, start);
    for (size_t i = 0; i < COUNT(clients); i++)
        client_close(clients[i]);
    check_normal(&server);
    server_stop(&server);
}

Test(room, beyond_the_subscribers)
{
    struct server server = server_start("--max-clients 66");
    struct client *first = subscribe(&server, "", "");
    struct client *second = subscribe(&server, "", "");
    double start = seconds_now();
    for (int i = 0; i < 200; i++) {
        struct client *third = subscribe(&server, "", "");
        cr_expect(third->start_retry >= 1000 && third->start_retry <= 5000,
                  "%ld", third->start_retry);
        cr_expect(client_closed(third) && !third->was_reset);
        client_close(third);
    }
    check_a_second_without_spinning(&server);
    check_errors(&server, 0, 1, start);
    client_close(first);
    client_close(second);
    check_normal(&server);
    server_stop(&server);
}

/* Without epoll, who goes is noticed at the next heartbeat. */
Test(room, when_epoll_ctl_fails)
{
    struct server server = start_with_board("--heartbeat 1");
    struct client *clients[50];
    double start = seconds_now();
    fail_every(FAULT_EPOLL_CTL, 1, 0);
    for (size_t i = 0; i < COUNT(clients); i++)
        clients[i] = subscribe(&server, "", "");
    publish(&server, "hello");
    for (size_t i = 0; i < COUNT(clients); i++) {
        next_message(clients[i]);
        client_close(clients[i]);
    }
    wait_healthz(&server, "subscribers", 0);
    check_a_second_without_spinning(&server);
    check_errors(&server, 1, 1, start);
    fail_every(FAULT_EPOLL_CTL, 0, 0);
    check_normal(&server);
    server_stop(&server);
}
