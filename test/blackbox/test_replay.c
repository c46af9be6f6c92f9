/*
 * Replay while others publish, reconnecting, falling behind: none missing,
 * none twice, nothing skipped silently.
 */
#include "exchange.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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

/* So large together that no socket's buffers hold them. */
#define LARGE       60000
#define LARGE_COUNT 200

static char large_text[LARGE + 1];

static struct client *subscribe_but_read_little(const struct server *server)
{
    struct client *client = client_connect(server);
    setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &(int){65536}, sizeof(int));
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

/* Reads up to the last message: how many gaps there were. */
static int read_with_gaps(struct client *slow, const struct id *last)
{
    int gaps = 0;
    struct id id = {""}, expected = {""};
    while (strcmp(id.text, last->text) != 0) {
        struct event event;
        cr_assert(next_event(slow, &event), "it was cut off");
        if (event.name != NULL) {
            expected = check_gap(&event, &id);
            gaps++;
            continue;
        }
        snprintf(id.text, sizeof(id.text), "%s", event.id);
        if (*expected.text != '\0')
            cr_expect_str_eq(id.text, expected.text, "not as the gap said");
        expected = (struct id){""};
    }
    return gaps;
}

/* The slow one begins to read only when all is published; others have then
 * been sent everything. */
Test(replay, one_that_never_reads_delays_nobody_and_is_told_what_it_missed)
{
    struct server server = server_start("--history 5");
    struct client *slow = subscribe_but_read_little(&server);
    struct client *fast = subscribe(&server, "", "");
    memset(large_text, 'x', LARGE);
    struct id last = {""};
    for (int i = 0; i < LARGE_COUNT; i++) {
        publish(&server, large_text);
        last = next_id(fast);
    }
    cr_expect_geq(read_with_gaps(slow, &last), 1);
    client_close(slow);
    client_close(fast);
    server_stop(&server);
}

Test(replay, one_that_is_slow_misses_nothing_that_the_history_still_has)
{
    struct server server = server_start("--history 1000");
    struct client *slow = subscribe_but_read_little(&server);
    struct client *fast = subscribe(&server, "", "");
    memset(large_text, 'x', LARGE);
    static struct id ids[LARGE_COUNT];
    for (int i = 0; i < LARGE_COUNT; i++) {
        publish(&server, large_text);
        ids[i] = next_id(fast);
    }
    for (int i = 0; i < LARGE_COUNT; i++)
        cr_assert_str_eq(next_id(slow).text, ids[i].text);
    client_close(slow);
    client_close(fast);
    server_stop(&server);
}
