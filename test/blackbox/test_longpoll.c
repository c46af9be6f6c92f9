/* GET /longpoll waits: for a message, its time, its client or the end. */
#include "exchange.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(longpoll, .timeout = TEST_SECONDS);

#define WAIT_60  "GET /longpoll?wait=60 HTTP/1.1\r\n" HOST "\r\n"
#define WAIT_1_0 "GET /longpoll?wait=60 HTTP/1.0\r\n\r\n"

/* Connects, asks, and waits until the server waits as well. */
static struct client *begin(const struct server *server, const char *request)
{
    long long before = healthz(server, "subscribers");
    struct client *client = client_connect(server);
    client_send(client, request);
    wait_healthz(server, "subscribers", before + 1);
    return client;
}

Test(longpoll, ends_with_the_first_message)
{
    struct server server = server_start("");
    struct client *client = begin(&server, WAIT_60);
    cr_expect_not(client_has_input(client));
    publish(&server, "news");
    struct response response = client_read(client);
    cr_assert_eq(response.status, 200);
    cr_expect_not_null(strstr(response.body, "[{\"text\":\"news\""));
    wait_healthz(&server, "subscribers", 0);
    client_close(client);
    server_stop(&server);
}

Test(longpoll, one_message_answers_all_who_wait)
{
    struct server server = server_start("");
    struct client *clients[50];
    for (size_t i = 0; i < COUNT(clients); i++)
        clients[i] = begin(&server, WAIT_60);
    publish(&server, "news");
    for (size_t i = 0; i < COUNT(clients); i++) {
        cr_expect_eq(client_read(clients[i]).status, 200);
        client_close(clients[i]);
    }
    server_stop(&server);
}

static void expect_wait(const char *target, double seconds)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    double start = seconds_now();
    client_sendf(client, "GET %s HTTP/1.1\r\n" HOST "\r\n", target);
    cr_expect_eq(client_read(client).status, 204);
    cr_expect_geq(seconds_now() - start, seconds);
    client_close(client);
    server_stop(&server);
}

Test(longpoll, waits_as_long_as_it_is_told)
{
    expect_wait("/longpoll?wait=2", 2);
}

Test(longpoll, waits_for_ten_seconds_by_itself)
{
    expect_wait("/longpoll", 10);
}

Test(longpoll, the_connection_goes_on_as_any_other)
{
    struct server server = server_start("--heartbeat 3600");
    struct client *client = begin(&server, WAIT_60 WAIT_60
                                  "GET /subscribe HTTP/1.1\r\n" HOST "\r\n");
    for (int i = 0; i < 2; i++) {
        wait_healthz(&server, "subscribers", 1);
        publish(&server, "news");
        cr_expect_eq(client_read(client).status, 200);
    }
    cr_expect_eq(client_read_head(client).status, 200);
    read_start(client);
    publish(&server, "streamed");
    next_message(client);
    client_close(client);
    wait_healthz(&server, "subscribers", 0);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}

Test(longpoll, its_thread_ends_with_its_client)
{
    struct server server = server_start("");
    for (int round = 0; round < 20; round++) {
        struct client *closing = begin(&server, WAIT_60);
        struct client *resetting = begin(&server, WAIT_60);
        struct client *old = begin(&server, WAIT_1_0);
        double start = seconds_now();
        client_close(closing);
        client_reset(resetting);
        client_close(old);
        wait_healthz(&server, "subscribers", 0);
        wait_healthz(&server, "clients", 1);
        cr_expect_lt(seconds_now() - start, 50, "not the 60 s of the wait");
    }
    server_stop(&server);
}

/* As `nc -N` does: the interim response asks whether it is still there. */
Test(longpoll, who_only_finished_sending_is_answered)
{
    struct server server = server_start("");
    struct client *client = begin(&server, WAIT_60);
    client_shut_write(client);
    struct response response = client_read(client);
    cr_assert_eq(response.status, 102);
    cr_expect_str_eq(response.fields, "");
    publish(&server, "news");
    cr_expect_eq(client_read(client).status, 200);
    cr_expect(client_closed(client) && !client->was_reset);
    client_close(client);
    server_stop(&server);
}

Test(longpoll, http_1_0_knows_no_interim_response)
{
    struct server server = server_start("");
    struct client *client = begin(&server, WAIT_1_0);
    client_shut_write(client);
    cr_expect_eq(client_read(client).status, 204);
    cr_expect(client_closed(client) && !client->was_reset);
    client_close(client);
    server_stop(&server);
}

Test(longpoll, shutdown_answers_at_once)
{
    struct server server = server_start("");
    struct client *clients[20];
    for (size_t i = 0; i < COUNT(clients); i++)
        clients[i] = begin(&server, WAIT_60);
    double start = seconds_now();
    kill(server.pid, SIGINT);
    for (size_t i = 0; i < COUNT(clients); i++) {
        struct response response = client_read(clients[i]);
        cr_assert_eq(response.status, 204);
        cr_expect_str_eq(response_field(&response, "Connection"), "close");
        cr_expect_not_null(response_field(&response, "Last-Event-ID"));
        cr_expect(client_closed(clients[i]));
        client_close(clients[i]);
    }
    server_wait(&server);
    cr_expect_lt(seconds_now() - start, 50, "not the 60 s of the wait");
}

static void *come_and_go(void *server)
{
    for (int i = 0; i < 100; i++) {
        struct client *client = client_connect(server);
        client_send(client, WAIT_60);
        if (i % 3 == 0)
            client_shut_write(client);
        if (i % 2 == 0)
            client_close(client);
        else
            client_reset(client);
    }
    return NULL;
}

Test(longpoll, clients_may_come_and_go_while_messages_are_sent)
{
    struct server server = server_start("");
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_create(&threads[i], NULL, come_and_go, &server);
    for (int i = 0; i < 5; i++)
        publish_burst(&server, 50);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    wait_healthz(&server, "subscribers", 0);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}
