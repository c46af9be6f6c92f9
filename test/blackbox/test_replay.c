/*
 * Replay while others publish, reconnecting, falling behind: none missing,
 * none twice, nothing skipped silently.
 */
#include "exchange.h"
#include "stall.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(replay, .timeout = TEST_SECONDS);

#define BURSTS 20
#define BURST  50
#define TOTAL  (BURSTS * BURST)

struct id {
    char text[48];
};

static struct id next_id(struct client *client)
{
    struct id id = {""};
    snprintf(id.text, sizeof(id.text), "%s", next_message(client).id);
    return id;
}

static void *publish_bursts(void *server)
{
    for (int i = 0; i < BURSTS; i++) {
        publish_burst(server, BURST);
        wait_a_moment(seconds_now(), "");
    }
    return NULL;
}

static pthread_t start(void *(*work)(void *), void *argument)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, argument) != 0)
        fail("no thread");
    return thread;
}

struct joiner {
    const struct server *server;
    struct id ids[TOTAL];
};

static void *join_and_read(void *argument)
{
    struct joiner *joiner = argument;
    struct client *client = subscribe(joiner->server, "?lastEventId=0", "");
    for (int i = 0; i < TOTAL; i++)
        joiner->ids[i] = next_id(client);
    client_close(client);
    return NULL;
}

/* Again and again a stream of a few messages, each from where the last one
 * ended. */
static void *reconnect_and_read(void *argument)
{
    struct joiner *joiner = argument;
    struct id last = {"0"};
    for (int i = 0; i < TOTAL;) {
        struct client *client =
            subscribe_after(joiner->server, last.text, "?limit=7");
        for (int n = 0; n < 7 && i < TOTAL; n++, i++)
            joiner->ids[i] = last = next_id(client);
        client_close(client);
    }
    return NULL;
}

/* Readers who come one after the other while messages are published. */
static void check_readers(void *(*reader)(void *))
{
    enum { READERS = 10 };
    struct server server = server_start("--history 1000");
    struct client *witness = subscribe(&server, "", "");
    pthread_t publisher = start(publish_bursts, &server);
    pthread_t threads[READERS];
    static struct joiner joiners[READERS];
    static struct id ids[TOTAL];
    for (int i = 0; i < READERS; i++) {
        joiners[i].server = &server;
        threads[i] = start(reader, &joiners[i]);
        for (int n = 0; n < TOTAL / READERS; n++)
            ids[i * TOTAL / READERS + n] = next_id(witness);
    }
    pthread_join(publisher, NULL);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect(memcmp(joiners[i].ids, ids, sizeof(ids)) == 0,
                  "reader %d saw others, or in another order", i);
    }
    client_close(witness);
    server_stop(&server);
}

Test(replay, while_others_publish_none_is_missing_and_none_comes_twice)
{
    check_readers(join_and_read);
}

Test(replay, of_who_reconnects_goes_on_where_the_last_stream_ended)
{
    check_readers(reconnect_and_read);
}

Test(replay, tells_the_ids_of_one_millisecond_apart)
{
    struct server server = server_start("");
    static struct id ids[101];
    publish_burst(&server, 100);
    struct client *all = subscribe(&server, "?lastEventId=0", "");
    for (int i = 0; i < 100; i++)
        ids[i] = next_id(all);
    for (int i = 0; i < 99; i++) {
        struct client *client =
            subscribe_after(&server, ids[i].text, "?limit=1");
        cr_expect_str_eq(next_id(client).text, ids[i + 1].text);
        client_close(client);
    }
    client_close(all);
    server_stop(&server);
}

/* Large ones, of which the sockets of the slow one hold less than one. */
#define LARGE_COUNT 20

static struct client *subscribe_but_read_little(const struct server *server)
{
    struct client *client = client_connect_small(server);
    client_send(client, "GET /subscribe HTTP/1.1\r\n" HOST "\r\n");
    client_read_head(client);
    read_start(client);
    return client;
}

/* Which message must come next, by what a gap before it said; or "". The gap
 * must be right about what came before it. */
static struct id check_gap(const struct event *gap, const struct id *before)
{
    struct id oldest = {""};
    char expected[256];
    sscanf(gap->data, "{\"after\":\"%*[0-9-]\",\"oldest\":\"%47[0-9-]\"}",
           oldest.text);
    snprintf(expected, sizeof(expected),
             "event: gap\ndata: {\"after\":\"%s\",\"oldest\":\"%s\"}\n\n",
             before->text, oldest.text);
    cr_expect_str_eq(gap->raw, expected);
    return oldest;
}

/* Reads up to the last of the messages, of which a gap alone may leave some
 * out: how many gaps there were; -1 if the stream was cut off. */
static int read_with_gaps(struct client *slow, const struct id *ids)
{
    int gaps = 0, next = 0;
    struct id id = {""}, expected = {""};
    while (next < LARGE_COUNT) {
        struct event event;
        if (!next_event(slow, &event))
            return -1;
        if (event.name != NULL) {
            expected = check_gap(&event, &id);
            gaps++;
            continue;
        }
        snprintf(id.text, sizeof(id.text), "%s", event.id);
        while (*expected.text != '\0' && next < LARGE_COUNT - 1 &&
               strcmp(ids[next].text, expected.text) != 0)
            next++;
        cr_assert_str_eq(id.text, ids[next++].text);
        expected = (struct id){""};
    }
    return gaps;
}

/* The slow one begins to read only when all is published; others have then
 * been sent everything. How many gaps it is told of; -1 if a slow machine took
 * the 10 s after which the server cuts off who does not read. */
static int publish_to_a_slow_one(const char *options)
{
    struct server server = server_start(options);
    struct client *slow = subscribe_but_read_little(&server);
    struct client *fast = subscribe(&server, "", "");
    struct id ids[LARGE_COUNT];
    double start = seconds_now();
    for (int i = 0; i < LARGE_COUNT; i++) {
        publish(&server, large_text());
        ids[i] = next_id(fast);
    }
    bool was_late = late(start);
    int gaps = read_with_gaps(slow, ids);
    cr_assert(gaps >= 0 || was_late, "it was cut off");
    client_close(slow);
    client_close(fast);
    server_stop(&server);
    return gaps;
}

Test(replay, one_that_never_reads_delays_nobody_and_is_told_what_it_missed)
{
    int gaps;
    for (double start = seconds_now();
         (gaps = publish_to_a_slow_one("--history 5")) < 0;)
        wait_a_moment(start, "the end within 10 s");
    cr_expect_geq(gaps, 1);
}

Test(replay, one_that_is_slow_misses_nothing_that_the_history_still_has)
{
    int gaps;
    for (double start = seconds_now();
         (gaps = publish_to_a_slow_one("--history 1000")) < 0;)
        wait_a_moment(start, "the end within 10 s");
    cr_expect_eq(gaps, 0);
}
