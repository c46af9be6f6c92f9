/* --redis: a post that is repeated under its Idempotency-Key is kept once, at
 * whichever server. */
#include "../room.h"
#include "broker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(redis_keys, .timeout = TEST_SECONDS);

enum { SERVERS = 3 };

/* The whole reply to a post with a key; free it. */
static char *post_for_body(const struct server *server, const char *body,
                           int status)
{
    struct client *client = client_connect(server);
    client_sendf(client,
                 "POST /update HTTP/1.1\r\n" HOST "Idempotency-Key: \"one\"\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 strlen(body), body);
    struct response response = client_read(client);
    cr_expect_eq(response.status, status, "%s", response.body);
    char *copy = strdup(response.body);
    client_close(client);
    return copy;
}

Test(redis_keys, are_known_at_every_server_and_after_a_restart)
{
    static const char body[] = "{\"text\":\"x\",\"event\":\"joined\"}";
    struct broker b = broker_start("", "--history 2 --keep 100");
    struct server servers[SERVERS];
    for (int i = 0; i < SERVERS; i++)
        servers[i] = server_start(b.options);
    char *first = post_for_body(&servers[0], body, 200);
    publish_burst(&servers[0], 5);
    server_stop(&servers[2]);
    servers[2] = server_start(b.options);
    for (int i = 0; i < SERVERS; i++) {
        char *again = post_for_body(&servers[i], body, 200);
        cr_expect_str_eq(again, first);
        free(again);
        free(post_for_body(&servers[i], "{\"text\":\"y\"}", 422));
        expect_count(&servers[i], 6);
        server_stop(&servers[i]);
    }
    free(first);
    broker_stop(&b);
}

Test(redis_keys, are_gone_with_their_entries)
{
    struct broker b = broker_start("", "--history 2 --keep 10");
    struct server server = server_start(b.options);
    char text[16];
    cr_expect_eq(post_with_key(&server, "first", "one"), KEPT);
    publish_burst(&server, 300);
    cr_expect_eq(post_with_key(&server, "first", "one"), KEPT);
    cr_expect_eq(healthz(&server, "messages"), 302);
    for (int i = 0; i < 300; i++) {
        snprintf(text, sizeof(text), "key-%d", i);
        cr_expect_eq(post_with_key(&server, text, text), KEPT);
    }
    /* As far as whole nodes of entries are trimmed, and their milliseconds. */
    int keys = atoi(broker_say(&b, "ZCARD crier:keys"));
    cr_expect_lt(keys, 150, "%d", keys);
    server_stop(&server);
    broker_stop(&b);
}

struct twins {
    struct server *servers;
    pthread_t threads[30];
    atomic_int started;
};

static void *post_twin(void *argument)
{
    struct twins *t = argument;
    int i = t->started++;
    char key[16];
    for (int round = 0; round < 20; round++) {
        snprintf(key, sizeof(key), "%d", round);
        if (post_with_key(&t->servers[i % SERVERS], key, key) != KEPT)
            fail("not kept");
    }
    return NULL;
}

/* 30 publishers at three servers say the same at the same time. */
Test(redis_keys, two_at_the_same_time_are_one_message)
{
    struct broker b = broker_start("", "");
    struct server servers[SERVERS];
    static struct twins t;
    t.servers = servers;
    for (int i = 0; i < SERVERS; i++)
        servers[i] = server_start(b.options);
    for (size_t i = 0; i < COUNT(t.threads); i++)
        if (pthread_create(&t.threads[i], NULL, post_twin, &t) != 0)
            fail("no thread");
    for (size_t i = 0; i < COUNT(t.threads); i++)
        pthread_join(t.threads[i], NULL);
    for (int i = 0; i < SERVERS; i++) {
        expect_count(&servers[i], 20);
        server_stop(&servers[i]);
    }
    broker_stop(&b);
}

/* Publishers repeat what is unclear or refused until it is kept, wherever. */
Test(redis_keys, settle_what_was_unclear)
{
    enum { MESSAGES = 500 };
    static struct publishers p = {
        .servers = 2, .most = MESSAGES, .pause_us = 1000, .repeat = true};
    struct broker b = broker_start("--appendonly yes --appendfsync always", "");
    struct server servers[2] = {server_start(b.options),
                                server_start(b.options)};
    double start = seconds_now();
    publishers_start(&p, servers, 10);
    for (int round = 1; round <= 3; round++) {
        while (publishers_count(&p, KEPT) < 100 * round)
            wait_a_moment(start, "messages that are kept");
        if (round == 2) {
            kill(b.pid, SIGSTOP);
            wait_ready(&servers[0], 503);
            kill(b.pid, SIGCONT);
        } else {
            broker_kill(&b);
            broker_restart(&b);
        }
    }
    publishers_join(&p);
    cr_expect_eq(publishers_count(&p, KEPT), MESSAGES);
    for (int i = 0; i < 2; i++) {
        expect_count(&servers[i], MESSAGES);
        check_fates(&p, &servers[i]);
        server_stop(&servers[i]);
    }
    broker_stop(&b);
}
