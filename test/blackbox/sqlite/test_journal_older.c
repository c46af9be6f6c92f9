/* --journal: messages that are older than what is in memory. */
#include "kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(journal_older, .timeout = TEST_SECONDS);

static int number_of(const struct event *event)
{
    return atoi(event->data + strlen("{\"text\":\""));
}

static void expect_numbers(struct client *client, int from, int to)
{
    for (int i = from; i <= to; i++) {
        struct event event = next_message(client);
        cr_assert_eq(number_of(&event), i, "%d instead of %d",
                     number_of(&event), i);
    }
}

Test(journal_older, come_from_the_file_without_gap_or_double)
{
    static const int places[] = {0, 1, 63, 64, 65, 127, 128, 489, 490, 499};
    struct kept k = kept_make("--history 10 --keep 1000");
    struct server server = server_start(k.options);
    struct client *all = subscribe(&server, "", "");
    static char ids[500][64];
    publish_burst(&server, 500);
    for (int i = 0; i < 500; i++)
        snprintf(ids[i], sizeof(ids[i]), "%s", next_message(all).id);
    client_close(all);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT(places); i++) {
            struct client *client =
                subscribe_after(&server, ids[places[i]], "");
            expect_numbers(client, places[i] + 1, 499);
            client_close(client);
        }
        struct client *client = subscribe(&server, "?lastEventId=0", "");
        expect_numbers(client, 0, 499);
        client_close(client);
        server_stop(&server);
        server = server_start(k.options);
    }
    server_stop(&server);
    kept_remove(&k);
}

Test(journal_older, a_stream_with_a_limit_ends_in_time)
{
    static const int limits[] = {1, 63, 64, 65, 128, 199, 200, 201, 205};
    struct kept k = kept_make("--history 10 --keep 1000");
    struct server server = server_start(k.options);
    publish_burst(&server, 205);
    for (size_t i = 0; i < COUNT(limits); i++) {
        char query[64];
        struct event event;
        snprintf(query, sizeof(query), "?lastEventId=0&limit=%d", limits[i]);
        struct client *client = subscribe(&server, query, "");
        expect_numbers(client, 0, limits[i] - 1);
        cr_expect_not(next_event(client, &event), "more than %d", limits[i]);
        cr_expect(client->complete);
        client_close(client);
    }
    server_stop(&server);
    kept_remove(&k);
}

Test(journal_older, polls_get_them_too)
{
    struct kept k = kept_make("--history 10 --keep 1000");
    struct server server = server_start(k.options);
    publish_burst(&server, 300);
    size_t count;
    char **texts = all_after(&server, "0", &count, NULL);
    cr_expect_eq(count, 300, "%zu", count);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(atoi(texts[i]), (int)i);
    free_texts(texts, count);
    server_stop(&server);
    kept_remove(&k);
}

/* Reads on, and comes back with its last id if it was cut off, as a client is
 * that takes nothing for 10 s: on a slow machine this one may be. */
static struct client *read_all(const struct server *server,
                               struct client *client, int count)
{
    char id[64];
    snprintf(id, sizeof(id), "%s", client->start_id);
    for (int next = 0; next < count;) {
        struct event event;
        if (!next_event(client, &event)) {
            client_close(client);
            client = subscribe_after(server, id, "");
            continue;
        }
        cr_assert_null(event.name, "%s", event.raw);
        cr_assert_eq(number_of(&event), next, "%d instead of %d",
                     number_of(&event), next);
        snprintf(id, sizeof(id), "%s", event.id);
        next++;
    }
    return client;
}

/* A subscriber that reads nothing for a while falls behind, by far more than
 * its socket and the memory hold. It gets all. */
Test(journal_older, who_falls_behind_gets_all)
{
    enum { MESSAGES = 200, SIZE = 8000 };
    struct kept k = kept_make("--history 10 --keep 100000");
    struct server server = server_start(k.options);
    struct client *slow = client_connect_small(&server);
    char text[SIZE + 1] = "";
    client_send(slow, "GET /subscribe HTTP/1.1\r\n" HOST "\r\n");
    client_read_head(slow);
    read_start(slow);
    wait_healthz(&server, "subscribers", 1);
    memset(text, 'x', SIZE);
    for (int i = 0; i < MESSAGES; i++) {
        snprintf(text, 16, "%d", i);
        text[strlen(text)] = ' ';
        publish(&server, text);
    }
    slow = read_all(&server, slow, MESSAGES);
    publish(&server, "200");
    expect_numbers(slow, MESSAGES, MESSAGES);
    client_close(slow);
    server_stop(&server);
    kept_remove(&k);
}

struct returning {
    const struct server *server;
    int until;
    unsigned seed;
};

/* Subscribes, hears some, goes, and comes back with its last id. */
static void *come_and_go(void *argument)
{
    struct returning *r = argument;
    char id[64] = "0";
    for (int next = 0; next < r->until;) {
        struct client *client = subscribe_after(r->server, id, "");
        int some = rand_r(&r->seed) % 200 + 1;
        while (some-- > 0 && next < r->until) {
            struct event event = next_message(client);
            if (number_of(&event) < next)
                fail("%d twice", number_of(&event));
            /* Publishers overtake one another: only ids are in order. */
            snprintf(id, sizeof(id), "%s", event.id);
            next++;
        }
        client_close(client);
    }
    return NULL;
}

static void *publish_in_order(void *argument)
{
    struct returning *r = argument;
    for (int i = 0; i < r->until; i++) {
        char text[16];
        snprintf(text, sizeof(text), "%d", i);
        publish(r->server, text);
    }
    return NULL;
}

/* The seam between the file and memory moves all the time. */
Test(journal_older, the_seam_moves_while_they_are_read)
{
    enum { READERS = 8 };
    struct kept k = kept_make("--history 5 --keep 100000 --sync never");
    struct server server = server_start(k.options);
    pthread_t threads[READERS + 1];
    struct returning r[READERS + 1];
    for (unsigned i = 0; i <= READERS; i++) {
        r[i] = (struct returning){&server, 1500, i};
        pthread_create(&threads[i], NULL,
                       i < READERS ? come_and_go : publish_in_order, &r[i]);
    }
    for (int i = 0; i <= READERS; i++)
        pthread_join(threads[i], NULL);
    server_stop(&server);
    kept_remove(&k);
}

/* 20 times as many messages as are kept: the file does not grow any more. */
Test(journal_older, the_file_stays_small)
{
    enum { KEEP = 400, ROUNDS = 20, SIZE = 1000 };
    struct kept k = kept_make("--history 10 --keep 400 --sync never");
    struct server server = server_start(k.options);
    struct client *client = subscribe(&server, "", "");
    char text[SIZE + 1] = "", first[64];
    size_t size = 0, log = 0, size_then = 0;
    memset(text, 'x', SIZE);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < KEEP; i++)
            publish(&server, text);
        if (kept_size(&k, "") > size)
            size = kept_size(&k, "");
        if (kept_size(&k, "-wal") > log)
            log = kept_size(&k, "-wal");
        if (round == ROUNDS / 2)
            size_then = size;
    }
    cr_expect_lt(size, 2 * KEEP * (SIZE + 200), "%zu bytes", size);
    cr_expect_eq(size, size_then, "%zu bytes, %zu before", size, size_then);
    cr_expect_lt(log, 5 << 20, "%zu bytes", log);
    cr_expect_eq(kept_sql(&k, "SELECT count(*) FROM messages"), KEEP + 1);

    /* Who asks for what was deleted is told so, and gets the rest. */
    snprintf(first, sizeof(first), "%s", next_message(client).id);
    client_close(client);
    client = subscribe_after(&server, first, "");
    struct event event;
    cr_assert(next_event(client, &event) && event.name != NULL);
    cr_expect_str_eq(event.name, "gap");
    cr_expect_not_null(strstr(event.data, first), "%s", event.data);
    for (int i = 0; i <= KEEP; i++)
        next_message(client);
    publish(&server, "the next");
    cr_expect_not_null(strstr(next_message(client).data, "the next"));
    client_close(client);
    server_stop(&server);
    kept_remove(&k);
}

/* They get their rest, and meanwhile messages reach others at once. */
Test(journal_older, many_come_back_at_once)
{
    enum { MANY = 200, MESSAGES = 300 };
    struct kept k = kept_make("--history 10 --keep 100000 --max-clients 600");
    struct server server = server_start(k.options);
    static struct client *clients[MANY];
    publish_burst(&server, MESSAGES);
    for (int i = 0; i < MANY; i++) {
        clients[i] = client_connect(&server);
        client_send(clients[i],
                    "GET /subscribe?lastEventId=0 HTTP/1.1\r\n" HOST "\r\n");
    }
    struct client *live = subscribe(&server, "", "");
    publish(&server, "300");
    expect_numbers(live, MESSAGES, MESSAGES);
    client_close(live);
    for (int i = 0; i < MANY; i++) {
        client_read_head(clients[i]);
        read_start(clients[i]);
        expect_numbers(clients[i], 0, MESSAGES);
        client_close(clients[i]);
    }
    server_stop(&server);
    kept_remove(&k);
}
