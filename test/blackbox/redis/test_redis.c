/* --redis: several servers, and one stream. */
#include "../channel.h"
#include "broker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(redis, .timeout = TEST_SECONDS);

enum { SERVERS = 3 };

static void start_all(struct server *servers, const struct broker *b)
{
    for (int i = 0; i < SERVERS; i++)
        servers[i] = server_start(b->options);
}

static void stop_all(struct server *servers)
{
    for (int i = 0; i < SERVERS; i++)
        server_stop(&servers[i]);
}

/* Waits until each has so many messages. */
static void wait_for_all(struct server *servers, int count)
{
    for (int i = 0; i < SERVERS; i++)
        wait_healthz(&servers[i], "messages", count);
}

/* The raw bytes of the next n messages; to be freed. */
static char *read_raw(struct client *client, int n)
{
    char *all = calloc(1, 1);
    size_t size = 0;
    for (int i = 0; i < n; i++) {
        struct event event;
        if (!next_event(client, &event))
            fail("the stream ended");
        all = realloc(all, size + event.raw_size + 1);
        memcpy(all + size, event.raw, event.raw_size + 1);
        size += event.raw_size;
    }
    return all;
}

static char *read_all(const struct server *server, const char *after, int n)
{
    struct client *client = subscribe_after(server, after, "");
    char *all = read_raw(client, n);
    client_close(client);
    return all;
}

Test(redis, all_servers_send_the_same_bytes)
{
    static const char *const bodies[] = {
        "{\"text\":\"hello\"}", "{\"text\":\"a\\u0000b \\u2028 안녕 \\\"\"}",
        "{\"text\":\"he came\",\"event\":\"joined\"}", "{\"text\":\"1\\n2\"}"};
    struct broker b = broker_start("", "");
    struct server servers[SERVERS];
    struct client *live;
    start_all(servers, &b);
    live = subscribe(&servers[0], "", "");
    for (int i = 0; i < 12; i++) {
        const char *body = bodies[i % (int)COUNT(bodies)];
        struct reply reply =
            post_body(&servers[i % SERVERS], body, strlen(body));
        cr_expect_eq(reply.status, 200, "%s", reply.body);
        free(reply.body);
    }
    char *expected = read_raw(live, 12);
    for (int i = 0; i < SERVERS; i++) {
        char *got = read_all(&servers[i], "0", 12);
        cr_expect_str_eq(got, expected);
        free(got);
    }
    /* A server that starts later has them, too. */
    server_stop(&servers[1]);
    servers[1] = server_start(b.options);
    char *got = read_all(&servers[1], "0", 12);
    cr_expect_str_eq(got, expected);
    free(got);
    free(expected);
    client_close(live);
    stop_all(servers);
    broker_stop(&b);
}

/* The reply says what everybody hears, and comes after it was published. */
Test(redis, a_reply_is_the_message_that_everybody_gets)
{
    struct broker b = broker_start("", "");
    struct server server = server_start(b.options);
    for (int i = 0; i < 20; i++) {
        struct reply reply = post(&server, "x");
        struct client *client = client_connect(&server);
        cr_expect_eq(healthz(&server, "messages"), i + 1);
        client_send(client, "GET /poll?after=0 HTTP/1.1\r\n" HOST "\r\n");
        struct response all = client_read(client);
        cr_expect_not_null(strstr(all.body, reply.body), "%s in %s", reply.body,
                           all.body);
        client_close(client);
        free(reply.body);
    }
    server_stop(&server);
    broker_stop(&b);
}

/* The id that began the stream of an empty journal is known everywhere. */
Test(redis, the_first_id_misses_nothing_at_another_server)
{
    struct broker b = broker_start("", "");
    struct server servers[SERVERS];
    struct event event;
    char id[64];
    start_all(servers, &b);
    struct client *client = subscribe(&servers[0], "", "");
    snprintf(id, sizeof(id), "%s", client->start_id);
    client_close(client);
    publish(&servers[0], "the first");
    server_stop(&servers[2]);
    servers[2] = server_start(b.options);
    for (int i = 0; i < SERVERS; i++) {
        wait_healthz(&servers[i], "messages", i == 2 ? 0 : 1);
        client = subscribe_after(&servers[i], id, "");
        event = next_message(client);
        cr_expect_not_null(strstr(event.data, "the first"));
        client_close(client);
    }
    stop_all(servers);
    broker_stop(&b);
}

/* With the id of a message that the other server may not even have yet. */
Test(redis, a_client_changes_servers_after_each_message)
{
    enum { CHANGES = 100 };
    struct broker b = broker_start("", "");
    struct server servers[SERVERS];
    char id[64], text[32];
    start_all(servers, &b);
    struct client *client = subscribe(&servers[0], "", "");
    for (int i = 0; i < CHANGES; i++) {
        snprintf(text, sizeof(text), "\"text\":\"%d\"", i);
        snprintf(id, sizeof(id), "%d", i);
        publish(&servers[i % SERVERS], id);
        struct event event = next_message(client);
        cr_expect_not_null(strstr(event.data, text), "%s", event.data);
        snprintf(id, sizeof(id), "%s", event.id);
        client_close(client);
        client = subscribe_after(&servers[(i + 1) % SERVERS], id, "");
    }
    client_close(client);
    stop_all(servers);
    broker_stop(&b);
}

Test(redis, what_is_older_than_memory_comes_from_the_broker)
{
    enum { MESSAGES = 300 };
    struct broker b = broker_start("", "--history 10 --keep 1000");
    struct server servers[SERVERS];
    char middle[64] = "";
    start_all(servers, &b);
    struct client *client = subscribe(&servers[1], "", "");
    publish_burst(&servers[0], MESSAGES);
    for (int i = 0; i < MESSAGES; i++) {
        struct event event = next_message(client);
        if (i == 99)
            snprintf(middle, sizeof(middle), "%s", event.id);
    }
    client_close(client);
    wait_for_all(servers, MESSAGES);
    server_stop(&servers[2]);
    servers[2] = server_start(b.options);
    for (int i = 0; i < SERVERS; i++) {
        size_t count;
        char **texts = all_after(&servers[i], "0", &count, NULL);
        cr_assert_eq(count, MESSAGES, "%zu", count);
        for (int n = 0; n < MESSAGES; n++)
            cr_expect_eq(atoi(texts[n]), n);
        free_texts(texts, count);
        client = subscribe_after(&servers[i], middle, "?limit=200");
        for (int n = 100; n < MESSAGES; n++) {
            struct event event = next_message(client);
            char text[32];
            snprintf(text, sizeof(text), "\"text\":\"%d\"", n);
            cr_expect_not_null(strstr(event.data, text), "%s", event.data);
        }
        client_close(client);
    }
    stop_all(servers);
    broker_stop(&b);
}

/* The next event must be a gap; then comes `text`. */
static void expect_gap_before(struct client *client, const char *text)
{
    struct event event;
    if (!next_event(client, &event) || event.name == NULL)
        fail("not a gap: '%s'", event.raw);
    cr_expect_str_eq(event.name, "gap");
    cr_expect_not_null(strstr(next_message(client).data, text));
}

Test(redis, what_the_broker_no_longer_has_is_a_gap)
{
    struct broker b = broker_start("", "--history 10 --keep 1000");
    struct server server = server_start(b.options);
    struct client *client = subscribe(&server, "", "");
    char id[64];
    publish_burst(&server, 5);
    for (int i = 0; i < 5; i++)
        snprintf(id, sizeof(id), "%s", next_message(client).id);
    client_close(client);
    publish_burst(&server, 100);
    broker_say(&b, "XTRIM crier MAXLEN 30");
    client = subscribe_after(&server, id, "");
    expect_gap_before(client, "\"text\":\"70\"");
    for (int i = 71; i < 100; i++)
        next_message(client);
    client_close(client);
    client = subscribe_after(&server, "0", "");
    expect_gap_before(client, "\"text\":\"70\"");
    client_close(client);
    server_stop(&server);
    broker_stop(&b);
}

Test(redis, the_stream_stays_bounded)
{
    struct broker b = broker_start("", "--history 10 --keep 500");
    struct server server = server_start(b.options);
    for (int i = 0; i < 10; i++)
        publish_burst(&server, 500);
    /* MAXLEN ~: whole nodes of 100 entries are trimmed. */
    int entries = atoi(broker_say(&b, "XLEN crier"));
    cr_expect(entries > 500 && entries < 700, "%d entries", entries);
    server_stop(&server);
    broker_stop(&b);
}

/* ---- what other programs add --------------------------------------------- */

Test(redis, other_programs_may_publish_too)
{
    static const struct {
        const char *name, *value;
    } wrong[] = {{"data", "not JSON"},
                 {"data", "{\"text\":7}"},
                 {"nothing", "at all"},
                 {"data", "{\"text\":\"x\",\"event\":\"a\\ndata: b\"}"}};
    struct broker b = broker_start("", "");
    struct server server = server_start(b.options);
    struct client *client = subscribe(&server, "", "");
    broker_add(&b, "*", "data", "{\"text\":\"from outside\"}");
    for (size_t i = 0; i < COUNT(wrong); i++)
        broker_add(&b, "*", wrong[i].name, wrong[i].value);
    broker_add(&b, "*", "data", "{\"text\":\"and again\"}");
    cr_expect_not_null(strstr(next_message(client).data, "from outside"));
    cr_expect_not_null(strstr(next_message(client).data, "and again"));
    free(server_log_line(&server, "error: |is no message"));
    client_close(client);
    cr_expect_eq(healthz(&server, "messages"), 2);
    server_stop(&server);
    broker_stop(&b);
}

/* ---- the thread view ----------------------------------------------------- */

Test(redis, the_thread_view_shows_both_threads)
{
    struct broker b = broker_start("", "");
    struct server server = server_start(b.options);
    bool seen = false;
    for (double start = seconds_now(); !seen;) {
        struct client *client = client_connect(&server);
        client_send(client, "GET /threads HTTP/1.1\r\n" HOST "\r\n");
        struct response response = client_read(client);
        seen = strstr(response.body, "\"role\":\"journal\"") != NULL &&
               strstr(response.body,
                      "\"role\":\"broker\",\"blocked_in\":\"poll\"") != NULL;
        client_close(client);
        if (!seen)
            wait_a_moment(start, "both threads");
    }
    server_stop(&server);
    broker_stop(&b);
}

/* ---- channels ------------------------------------------------------------ */

/* Two channels and /update share the broker's stream, and hear only their own:
 * live, from memory, from the broker, and after a restart. */
Test(redis, channels_are_the_same_at_all_servers)
{
    enum { ROUNDS = 50 };
    struct broker b = broker_start("", "--history 5 --keep 1000");
    struct server servers[SERVERS];
    char *expected[2];
    static const char *const names[] = {"a", "b"};
    start_all(servers, &b);
    struct client *live[] = {hear(&servers[0], "a", ""),
                             hear(&servers[0], "b", "")};
    for (int i = 0; i < ROUNDS; i++) {
        say(&servers[i % SERVERS], "a?event=note", i % 2 == 0 ? "one" : "안녕");
        say(&servers[(i + 1) % SERVERS], "b?event=note", "x");
        publish(&servers[(i + 2) % SERVERS], "chat");
    }
    server_stop(&servers[2]);
    servers[2] = server_start(b.options);
    for (int n = 0; n < 2; n++) {
        expected[n] = read_raw(live[n], ROUNDS);
        client_close(live[n]);
        cr_expect_not_null(
            strstr(expected[n], n == 0 ? "data: one\n" : "event: note\n"));
        for (int i = 0; i < SERVERS; i++) {
            struct client *client =
                hear_after(&servers[i], names[n], (struct id){"0"});
            char *got = read_raw(client, ROUNDS);
            cr_expect_str_eq(got, expected[n]);
            free(got);
            client_close(client);
        }
        free(expected[n]);
    }
    expect_count(&servers[1], ROUNDS);
    stop_all(servers);
    broker_stop(&b);
}
