/* Who goes is noticed at once; who only finished sending stays. */
#include "exchange.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(hangup, .timeout = TEST_SECONDS);

/* No heartbeat and no message tells that a client has gone: what is noticed at
 * all, within HARNESS_PATIENCE, is noticed by itself. */
#define SILENT "--heartbeat 3600"

Test(hangup, of_a_waiting_subscriber_is_noticed_at_once)
{
    struct server server = server_start(SILENT);
    for (int round = 0; round < 20; round++) {
        struct client *closing = subscribe(&server, "", "");
        struct client *resetting = subscribe(&server, "", "");
        wait_healthz(&server, "subscribers", 2);
        client_close(closing);
        client_reset(resetting);
        wait_healthz(&server, "subscribers", 0);
        wait_healthz(&server, "clients", 1);
    }
    server_stop(&server);
}

Test(hangup, of_many_at_once_is_noticed)
{
    struct server server = server_start(SILENT);
    struct client *clients[100], *witness = subscribe(&server, "", "");
    for (size_t i = 0; i < COUNT(clients); i++)
        clients[i] = subscribe(&server, "", "");
    wait_healthz(&server, "subscribers", 1 + COUNT(clients));
    for (size_t i = 0; i < COUNT(clients); i++)
        client_close(clients[i]);
    wait_healthz(&server, "subscribers", 1);
    publish(&server, "hello");
    next_message(witness);
    client_close(witness);
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}

/* As `nc -N` does. Heartbeats that ask whether it is there may come. */
Test(hangup, half_of_it_keeps_the_messages_coming)
{
    struct server server = server_start(SILENT);
    struct client *client = subscribe(&server, "", "");
    client_shut_write(client);
    for (int i = 0; i < 50; i++) {
        publish(&server, "hello");
        next_message(client);
    }
    cr_expect_eq(healthz(&server, "subscribers"), 1);
    client_close(client);
    publish(&server, "one that provokes the RST");
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}

/* A whole request, then FIN, before the server may have read it. */
Test(hangup, half_of_it_with_the_request_still_gets_answers)
{
    struct server server = server_start(SILENT);
    struct client *client = client_connect(&server);
    client_send(client, "POST /update HTTP/1.1\r\n" HOST
                        "Content-Length: 12\r\n\r\n{\"text\":\"x\"}"
                        "GET /subscribe?lastEventId=0&limit=2 HTTP/1.1\r\n" HOST
                        "\r\n");
    client_shut_write(client);
    cr_expect_eq(client_read(client).status, 200);
    cr_expect_eq(client_read_head(client).status, 200);
    read_start(client);
    next_message(client);
    wait_healthz(&server, "subscribers", 1);
    publish(&server, "live");
    cr_expect_not_null(strstr(next_message(client).data, "live"));
    cr_expect(client_closed(client));
    client_close(client);
    server_stop(&server);
}

/* How many threads have the name. */
static int count_threads(const struct server *server, const char *name)
{
    int count = 0;
    char path[300];
    snprintf(path, sizeof(path), "/proc/%d/task", server->pid);
    DIR *tasks = opendir(path);
    struct dirent *task;
    while (tasks != NULL && (task = readdir(tasks)) != NULL) {
        char comm[32] = "";
        if (task->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "/proc/%d/task/%s/comm", server->pid,
                 task->d_name);
        FILE *file = fopen(path, "r");
        if (file == NULL)
            continue;
        if (fgets(comm, sizeof(comm), file) != NULL)
            comm[strcspn(comm, "\n")] = '\0';
        fclose(file);
        count += strcmp(comm, name) == 0;
    }
    closedir(tasks);
    return count;
}

static void wait_threads(const struct server *server, const char *name,
                         int expected)
{
    double start = seconds_now();
    while (count_threads(server, name) != expected)
        wait_a_moment(start, name);
}

Test(hangup, threads_are_named_by_their_role_and_end_with_their_client)
{
    struct server server = server_start(SILENT);
    double start = seconds_now();
    /* The main thread; and perhaps a sanitizer's own, which has its name. */
    while (count_threads(&server, "crier") < 1)
        wait_a_moment(start, "crier");
    wait_threads(&server, "signals", 1);
    wait_threads(&server, "departures", 1);
    wait_threads(&server, "log", 1);
    struct client *clients[3], *subscribers[4];
    for (size_t i = 0; i < COUNT(clients); i++)
        clients[i] = client_connect(&server);
    for (size_t i = 0; i < COUNT(subscribers); i++)
        subscribers[i] = subscribe(&server, "", "");
    wait_threads(&server, "client", COUNT(clients));
    wait_threads(&server, "subscriber", COUNT(subscribers));
    for (size_t i = 0; i < COUNT(clients); i++)
        client_close(clients[i]);
    for (size_t i = 0; i < COUNT(subscribers); i++)
        client_close(subscribers[i]);
    wait_threads(&server, "client", 0);
    wait_threads(&server, "subscriber", 0);
    server_stop(&server);
}
