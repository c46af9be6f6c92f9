/* Many at once: one order for all; and clients that go at any moment. */
#include "exchange.h"

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(concurrency, .timeout = TEST_SECONDS);

#define PUBLISHERS  50
#define MESSAGES    40
#define SUBSCRIBERS 20
#define TOTAL       (PUBLISHERS * MESSAGES)

struct publisher {
    const struct server *server;
    int number;
};

static void *publish_forty(void *argument)
{
    const struct publisher *publisher = argument;
    struct client *client = client_connect(publisher->server);
    for (int i = 0; i < MESSAGES; i++) {
        char body[64];
        int size = snprintf(body, sizeof(body), "{\"text\":\"%d/%d\"}",
                            publisher->number, i);
        client_sendf(client,
                     "POST /update HTTP/1.1\r\n" HOST
                     "Content-Length: %d\r\n\r\n%s",
                     size, body);
        if (client_read(client).status != 200)
            fail("message %d of publisher %d", i, publisher->number);
    }
    client_close(client);
    return NULL;
}

struct subscriber {
    struct client *client;
    int next[PUBLISHERS]; /* of each publisher, the message to come */
    char ids[TOTAL][48];
};

static void *read_all_messages(void *argument)
{
    struct subscriber *subscriber = argument;
    for (int i = 0; i < TOTAL; i++) {
        struct event event = next_message(subscriber->client);
        int publisher, message;
        if (sscanf(event.data, "{\"text\":\"%d/%d\"", &publisher, &message) !=
                2 ||
            publisher < 0 || publisher >= PUBLISHERS)
            fail("not ours: '%s'", event.raw);
        if (message != subscriber->next[publisher]++)
            fail("'%s' lost, doubled or out of order", event.raw);
        snprintf(subscriber->ids[i], sizeof(subscriber->ids[i]), "%s",
                 event.id);
    }
    return NULL;
}

static void check_all_see_the_same(const char *options)
{
    struct server server = server_start(options);
    static struct subscriber subscribers[SUBSCRIBERS];
    struct publisher publishers[PUBLISHERS];
    pthread_t readers[SUBSCRIBERS], writers[PUBLISHERS];
    for (int i = 0; i < SUBSCRIBERS; i++) {
        subscribers[i].client = subscribe(&server, "?limit=2000", "");
        pthread_create(&readers[i], NULL, read_all_messages, &subscribers[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++) {
        publishers[i] = (struct publisher){&server, i};
        pthread_create(&writers[i], NULL, publish_forty, &publishers[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(writers[i], NULL);
    for (int i = 0; i < SUBSCRIBERS; i++) {
        pthread_join(readers[i], NULL);
        cr_expect(memcmp(subscribers[i].ids, subscribers[0].ids,
                         sizeof(subscribers[0].ids)) == 0,
                  "subscriber %d saw another order than the first", i);
        cr_expect(client_closed(subscribers[i].client));
        client_close(subscribers[i].client);
    }
    cr_expect_eq(healthz(&server, "messages"), TOTAL);
    server_stop(&server);
}

/* History enough for who falls behind. */
Test(concurrency, twenty_subscribers_see_2000_messages_in_one_order)
{
    check_all_see_the_same("--history 2000");
}

Test(concurrency, one_turn_is_enough)
{
    check_all_see_the_same("--history 2000 --turns 1");
}

Test(concurrency, without_turns_all_is_the_same)
{
    check_all_see_the_same("--history 2000 --turns 0");
}

/* How far clients get before they go. */
static const char *const stages[] = {
    "",
    "GE",
    "GET /heal",
    "GET /healthz HTTP/1.1\r",
    "GET /healthz HTTP/1.1\r\nHost: loc",
    "GET /healthz HTTP/1.1\r\n" HOST "\r\n",
    "POST /update HTTP/1.1\r\n" HOST "Content-Length: 17\r\n\r\n",
    "POST /update HTTP/1.1\r\n" HOST
    "Content-Length: 17\r\n\r\n{\"text\": \"he",
    "POST /update HTTP/1.1\r\n" HOST
    "Content-Length: 17\r\nExpect: 100-continue\r\n\r\n",
    "POST /update HTTP/1.1\r\n" HOST
    "Transfer-Encoding: chunked\r\n\r\n11\r\n{\"text\"",
    "GET /subscribe HTTP/1.1\r\n" HOST "\r\n",
    "GET /subscribe?lastEventId=0 HTTP/1.1\r\n" HOST "\r\n",
};

static void leave(struct client *client, bool by_reset)
{
    if (by_reset)
        client_reset(client);
    else
        client_close(client);
}

static void check_all_gone(const struct server *server)
{
    wait_healthz(server, "clients", 1);
    wait_healthz(server, "subscribers", 0);
}

static void check_leaving(bool by_reset)
{
    struct server server = server_start("");
    for (int i = 0; i < 5; i++)
        publish(&server, "hello");
    for (int round = 0; round < 5; round++)
        for (size_t i = 0; i < COUNT(stages); i++) {
            struct client *client = client_connect(&server);
            client_send(client, stages[i]);
            leave(client, by_reset);
        }
    check_all_gone(&server);
    cr_expect_eq(healthz(&server, "messages"), 5);

    for (int round = 0; round < 10; round++) {
        struct client *headers = subscribe(&server, "", "");
        struct client *midway = subscribe(&server, "?lastEventId=0", "");
        next_message(midway);
        leave(headers, by_reset);
        leave(midway, by_reset);
        publish(&server, "hello");
    }
    check_all_gone(&server);
    server_stop(&server);
}

Test(concurrency, clients_may_leave_at_every_stage)
{
    check_leaving(false);
}

Test(concurrency, clients_may_leave_by_reset_at_every_stage)
{
    check_leaving(true);
}

static void *come_and_go(void *server)
{
    for (int i = 0; i < 100; i++) {
        struct client *client = subscribe(server, "?lastEventId=0", "");
        leave(client, i % 2 == 0);
    }
    return NULL;
}

Test(concurrency, subscribers_may_come_and_go_while_messages_are_sent)
{
    struct server server = server_start("");
    struct client *witness = subscribe(&server, "", "");
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_create(&threads[i], NULL, come_and_go, &server);
    for (int i = 0; i < 5; i++)
        publish_burst(&server, 100);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 500; i++)
        next_message(witness);
    client_close(witness);
    check_all_gone(&server);
    server_stop(&server);
}

/* How many threads do not interrupt the one that wakes them. */
static int count_patient(const struct server *server)
{
    int count = 0;
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/task", server->pid);
    DIR *tasks = opendir(path);
    cr_assert_not_null(tasks);
    struct dirent *task;
    while ((task = readdir(tasks)) != NULL)
        count += task->d_name[0] != '.' &&
                 sched_getscheduler(atoi(task->d_name)) == SCHED_BATCH;
    closedir(tasks);
    return count;
}

Test(concurrency, a_subscriber_does_not_interrupt_the_one_that_wakes_it)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    publish(&server, "hello");
    next_message(client);
    cr_expect_eq(count_patient(&server), 1);
    client_close(client);
    server_stop(&server);
}

Test(concurrency, a_connection_that_asks_all_the_time_interrupts_nobody)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    for (double start = seconds_now(); count_patient(&server) == 0;
         wait_a_moment(start, "a thread that waits"))
        for (int i = 0; i < 1000; i++) {
            client_send(client, "GET /healthz HTTP/1.1\r\n" HOST "\r\n");
            cr_assert_eq(client_read(client).status, 200);
        }
    client_close(client);
    server_stop(&server);
}
