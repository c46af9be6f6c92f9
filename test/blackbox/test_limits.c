/* The limits of number, and what clients get beyond them. */
#include "room.h"
#include "tree.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

TestSuite(limits, .timeout = TEST_SECONDS);

#define GET "GET /missing HTTP/1.1\r\n" HOST "\r\n"

/* Connects once more, which must be refused. */
static void check_refused(const struct server *server)
{
    struct client *client = client_connect(server);
    client_send(client, GET);
    struct response response = client_read(client);
    const char *after = response_field(&response, "Retry-After");
    cr_expect_eq(response.status, 503, "%s", response.status_line);
    cr_expect(after != NULL && atoi(after) > 0, "%s", after);
    cr_expect(client_closed(client));
    client_close(client);
}

/* The limit is counted in clients; a refused one must not stay either. */
Test(limits, beyond_max_clients_is_503_with_retry_after)
{
    enum { MOST = 5 };
    struct server server = server_start("--max-clients 5");
    struct client *clients[MOST];
    for (int i = 0; i < MOST; i++) {
        clients[i] = client_connect(&server);
        client_send(clients[i], GET);
        cr_assert_eq(client_read(clients[i]).status, 404);
    }
    for (int i = 0; i < 20; i++)
        check_refused(&server);
    client_close(clients[0]);
    wait_healthz(&server, "clients", MOST);
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
        cr_expect(third->start_retry >= 1000 && third->start_retry <= 5000,
                  "%ld", third->start_retry);
        cr_expect_str_eq(third->start_id, "0");
        cr_expect(client_closed(third) && !third->was_reset);
        cr_expect(third->complete);
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

/* The open-files limit is lowered behind the server's back, so that accept
 * runs into it long before --max-clients. */
Test(limits, without_descriptors_clients_get_503_and_accept_does_not_spin)
{
    struct tree tree = tree_make();
    struct server server = server_start_unprivileged(tree.options);
    server_limit(&server, RLIMIT_NOFILE, 40);
    struct client *clients[60];
    int refused = 0;
    for (size_t i = 0; i < COUNT(clients); i++) {
        clients[i] = client_connect(&server);
        client_send(clients[i], "GET /update HTTP/1.1\r\n" HOST "\r\n");
        int status = client_read(clients[i]).status;
        cr_expect(status == 405 || status == 503, "%d", status);
        refused += status == 503;
    }
    cr_expect_geq(refused, 20);
    check_a_second_without_spinning(&server);
    for (size_t i = 0; i < COUNT(clients); i++)
        client_close(clients[i]);
    wait_healthz(&server, "clients", 1);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
    tree_remove(&tree);
}

/* Takes all descriptors but the reserve, and waits until accept has given that
 * up. Returns how many of the clients there are. */
static size_t take_all(const struct server *server, struct client *clients[60])
{
    size_t count = 0;
    for (int status = 0; status != 503; count++) {
        cr_assert_lt(count, 60);
        clients[count] = client_connect(server);
        client_send(clients[count], "GET /healthz HTTP/1.1\r\n" HOST "\r\n");
        status = client_read(clients[count]).status;
    }
    cr_assert(client_closed(clients[count - 1]));
    return count;
}

/* Linux says that there is no descriptor before there is a client. So accept
 * waits with the reserve given up, and there may be room again long before the
 * next client comes. */
Test(limits, a_client_that_comes_when_there_is_room_again_is_welcome)
{
    for (int i = 0; i < 3; i++) {
        struct server server = server_start_unprivileged("--public /");
        int before = count_descriptors(&server);
        struct client *clients[60];
        server_limit(&server, RLIMIT_NOFILE, 40);
        size_t count = take_all(&server, clients);
        for (size_t c = 0; c < count; c++)
            client_close(clients[c]);
        double start = seconds_now();
        while (count_descriptors(&server) > before)
            wait_a_moment(start, "the clients to leave");
        check_exchanges(
            &server,
            (struct exchange[]){{"room again", 200,
                                 "GET /healthz HTTP/1.1\r\n" HOST "\r\n",
                                 GOES_ON, NULL}},
            1);
        server_stop(&server);
    }
}

/* The end of the listener is no trouble. */
Test(limits, without_descriptors_it_ends_without_an_error)
{
    struct server server = server_start_unprivileged("--public /");
    struct client *clients[60];
    server_limit(&server, RLIMIT_NOFILE, 40);
    size_t count = take_all(&server, clients);
    int log = dup(server.log);
    server_stop(&server);
    char *text = server_log(&(struct server){.log = log});
    cr_expect_null(strstr(text, "error: accept"), "%s", text);
    cr_expect_not_null(strstr(text, "stopping"), "%s", text);
    free(text);
    close(log);
    for (size_t c = 0; c < count; c++)
        client_close(clients[c]);
}

/* By the limit of processes, which counts threads, and which root has not. */
Test(limits, without_threads_clients_get_503)
{
    struct tree tree = tree_make();
    struct server server = server_start_unprivileged(tree.options);
    server_limit(&server, RLIMIT_NPROC, 1);
    for (int i = 0; i < 5; i++)
        check_refused(&server);
    server_limit(&server, RLIMIT_NPROC, SIZE_MAX);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
    tree_remove(&tree);
}
