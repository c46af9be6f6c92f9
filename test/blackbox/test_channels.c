/*
 * GET and POST /channels/NAME: raw bodies, as EventSource would cut them, and
 * streams that know nothing of each other.
 */
#include "channel.h"
#include "exchange.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(channels, .timeout = TEST_SECONDS);

Test(channels, a_text_reaches_its_channel_alone)
{
    struct server server = server_start("");
    struct client *news = hear(&server, "news", ""),
                  *other = hear(&server, "News", ""),
                  *chat = subscribe(&server, "", "");
    expect_text(news, "hi", say(&server, "news", "hi"));
    publish(&server, "chat");
    cr_expect_not_null(strstr(next_message(chat).data, "\"chat\""));
    expect_text(other, "{\"text\":1}", say(&server, "News", "{\"text\":1}"));
    expect_text(news, "안녕", say(&server, "ne%77s", "안녕"));
    cr_expect_not(client_has_input(chat));
    client_close(news);
    client_close(other);
    client_close(chat);
    server_stop(&server);
}

/* What is posted, and what of the event follows the line `id:`. */
static const struct {
    const char *query;
    const char *body;
    size_t size;
    const char *lines;
} bodies[] = {
#define TEXT(literal) literal, sizeof(literal) - 1
    {"", TEXT("a\nb"), "data: a\ndata: b\n\n"},
    {"", TEXT("a\r\nb\rc\n"), "data: a\ndata: b\ndata: c\ndata: \n\n"},
    {"", TEXT(""), "data: \n\n"},
    {"", TEXT("\n\n"), "data: \ndata: \ndata: \n\n"},
    {"", TEXT("data: x\n\nevent: y"),
     "data: data: x\ndata: \ndata: event: y\n\n"},
    {"", TEXT("\xe2\x80\xa8"), "data: \xe2\x80\xa8\n\n"},
    {"?event=joined", TEXT("a\nb"), "event: joined\ndata: a\ndata: b\n\n"},
    {"?event=%EC%95%88%20+x", TEXT("a"), "event: 안  x\ndata: a\n\n"},
    {"?event=message", TEXT("a"), "data: a\n\n"},
    {"?event=", TEXT("a"), "data: a\n\n"},
    {"?other=1", TEXT("a"), "data: a\n\n"},
};

Test(channels, bodies_become_lines)
{
    struct server server = server_start("");
    struct client *client = hear(&server, "a", "");
    for (size_t i = 0; i < COUNT(bodies); i++) {
        char name[64], expected[256];
        snprintf(name, sizeof(name), "a%s", bodies[i].query);
        struct reply reply = tell(&server, name, "Content-Type: image/png\r\n",
                                  bodies[i].body, bodies[i].size);
        struct id id;
        cr_assert_eq(reply.status, 200, "%s", reply.body);
        sscanf(reply.body, "{\"id\":\"%63[0-9-]", id.text);
        int len = snprintf(
            expected, sizeof(expected), "%x\r\nretry: 10000\nid: %s\n%s\r\n",
            (unsigned)(strlen("retry: 10000\nid: \n") + strlen(id.text) +
                       strlen(bodies[i].lines)),
            id.text, bodies[i].lines);
        /* The chunks as they are: `client` would take the framing away. */
        client->chunked = false;
        const char *got = client_read_bytes(client, (size_t)len);
        cr_expect(memcmp(got, expected, (size_t)len) == 0,
                  "body %zu: '%.*s', not '%s'", i, len, got, expected);
        free(reply.body);
    }
    client_close(client);
    server_stop(&server);
}

#define POST(target, fields)                                                   \
    "POST " target " HTTP/1.1\r\n" HOST "Content-Length: 1\r\n" fields "\r\na"
#define EVENT(name) "{\"error\":\"\\\"event\\\" " name "\"}"

static const struct exchange refusals[] = {
    {"the longest name", 200, POST("/channels/" SIXTY_FOUR, ""), GOES_ON, NULL},
    {"a longer name", 400, POST("/channels/" SIXTY_FOUR "a", ""), GOES_ON,
     NO_NAME},
    {"a name of dots", 200, POST("/channels/.a", ""), GOES_ON, NULL},
    {"no name", 400, POST("/channels/", ""), GOES_ON, NO_NAME},
    {"a slash", 400, POST("/channels/a/b", ""), GOES_ON, NO_NAME},
    {"a blank", 400, POST("/channels/a%20b", ""), GOES_ON, NO_NAME},
    {"a letter that is not ASCII", 400, POST("/channels/%C3%A4", ""), GOES_ON,
     NO_NAME},
    {"GET of a bad name", 400, "GET /channels/a!b HTTP/1.1\r\n" HOST "\r\n",
     GOES_ON, NO_NAME},
    {"the list of all", 404, "GET /channels HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
     NULL},
    {"another method", 405, "DELETE /channels/a HTTP/1.1\r\n" HOST "\r\n",
     GOES_ON, "Allow: GET, HEAD, POST, OPTIONS"},
    {"a long event", 400, POST("/channels/a?event=" SIXTY_FOUR "a", ""),
     GOES_ON, EVENT("must be a string of at most 64 bytes")},
    {"an event in two lines", 400, POST("/channels/a?event=a%0Ab", ""), GOES_ON,
     EVENT("must not have a line break or U+0000")},
    {"an event that is not UTF-8", 400, POST("/channels/a?event=%FF", ""),
     GOES_ON, EVENT("must be a string of at most 64 bytes")},
    {"the server's own event", 400, POST("/channels/a?event=gap", ""), GOES_ON,
     "{\"error\":\"the event \\\"gap\\\" is the server's own\"}"},
    {"a limit that is none", 400,
     "GET /channels/a?limit=0 HTTP/1.1\r\n" HOST "\r\n", GOES_ON, NULL},
    {"a foreign page", 403,
     POST("/channels/a", "Origin: http://evil.example\r\n"), CLOSES, NULL},
    {"a compressed body", 415,
     POST("/channels/a", "Content-Encoding: gzip\r\n"), CLOSES, NULL},
    {"not UTF-8", 400,
     "POST /channels/a HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n\xff",
     GOES_ON, "{\"error\":\"the body is not UTF-8\"}"},
};

Test(channels, what_is_refused)
{
    struct server server = server_start("");
    check_exchanges(&server, refusals, COUNT(refusals));
    server_stop(&server);
}

Test(channels, head_sends_the_head_and_makes_no_channel)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "HEAD /channels/a HTTP/1.1\r\n" HOST "\r\n");
    struct response response = client_read_head(client);
    cr_expect_eq(response.status, 200);
    cr_expect_str_eq(response_field(&response, "Content-Type"),
                     "text/event-stream; charset=utf-8");
    client_close(client);
    server_stop(&server);
}

Test(channels, replay_limit_and_gap)
{
    struct server server = server_start("--history 3");
    struct id ids[5];
    char text[2] = "", oldest[80];
    for (int i = 0; i < 5; i++) {
        text[0] = (char)('0' + i);
        ids[i] = say(&server, "a", text);
        say(&server, "b", "another channel");
        publish(&server, "and the chat");
    }
    struct client *client = hear_after(&server, "a?limit=2", ids[2]);
    expect_text(client, "3", ids[3]);
    expect_text(client, "4", ids[4]);
    struct event event;
    cr_expect_not(next_event(client, &event), "'%s'", event.raw);
    cr_expect(client->complete);
    client_close(client);

    client = hear_after(&server, "a", ids[0]);
    snprintf(oldest, sizeof(oldest), "\"%s\"", ids[2].text);
    expect_gap(client, ids[0], oldest);
    expect_text(client, "2", ids[2]);
    client_close(client);

    client = hear_after(&server, "a", ids[4]);
    cr_expect_str_eq(client->start_id, ids[4].text);
    expect_text(client, "5", say(&server, "a", "5"));
    client_close(client);
    server_stop(&server);
}

/* By ids or from the beginning: the one that was made way for gets a gap. */
Test(channels, the_longest_unused_one_makes_way)
{
    struct server server = server_start("--channels 2");
    struct id old = say(&server, "a", "1"), newest = say(&server, "a", "2");
    struct client *used = hear(&server, "b", "");
    say(&server, "c", "1"); /* a goes */
    struct client *client = hear_after(&server, "c", (struct id){"0"});
    struct event event; /* nobody knows whether c was here before a went */
    cr_assert(next_event(client, &event));
    cr_expect_str_eq(event.name, "gap");
    cr_expect_str_eq(next_message(client).data, "1");
    client_close(client);
    wait_healthz(&server, "subscribers", 1);

    client = hear_after(&server, "a", old); /* c goes */
    expect_gap(client, old, "null");
    expect_text(client, "3", say(&server, "a", "3"));
    client_close(client);
    client = hear_after(&server, "a", newest);
    cr_assert(next_event(client, &event));
    cr_expect_str_eq(event.name, "gap");
    cr_expect_str_eq(next_message(client).data, "3");
    expect_text(used, "still here", say(&server, "b", "still here"));
    client_close(client);
    client_close(used);
    server_stop(&server);
}

/* A POST is told when to come back, an EventSource comes back by itself. */
Test(channels, no_place_for_another_one)
{
    struct server server = server_start("--channels 1");
    struct client *only = hear(&server, "a", "");
    struct client *client = client_connect(&server);
    client_send(client, "POST /channels/b HTTP/1.1\r\n" HOST
                        "Content-Length: 1\r\n\r\nx");
    struct response response = client_read(client);
    cr_expect_eq(response.status, 503);
    cr_expect_not_null(response_field(&response, "Retry-After"));
    cr_expect_str_eq(response.body, "{\"error\":\"all channels are in use: see "
                                    "--channels and --max-memory\"}");
    client_close(client);

    client = hear(&server, "b", "");
    cr_expect(client->start_retry >= 1000 && client->start_retry <= 5000);
    struct id start;
    snprintf(start.text, sizeof(start.text), "%s", client->start_id);
    struct event event;
    cr_expect_not(next_event(client, &event));
    cr_expect(client->complete);
    client_close(client);

    client_close(only);
    wait_healthz(&server, "subscribers", 0);
    client = hear_after(&server, "b", start);
    expect_text(client, "1", say(&server, "b", "1"));
    client_close(client);
    server_stop(&server);
}

/* The option's rules are those of /update. */
Test(channels, publishers_follow_the_rules)
{
    struct server server = server_start("--rate 1");
    int refused = 0;
    for (int i = 0; i < 10; i++) {
        struct reply reply = tell(&server, "a", "", "x", 1);
        refused += reply.status == 429;
        free(reply.body);
    }
    cr_expect(refused > 0);
    server_stop(&server);
}

Test(channels, heartbeats_and_the_end)
{
    struct server server = server_start("--heartbeat 1");
    struct client *client = hear(&server, "a", "");
    struct event event;
    cr_assert(next_block(client, &event));
    cr_expect_str_eq(event.raw, ":\n\n");
    kill(server.pid, SIGTERM);
    cr_assert(next_event(client, &event));
    cr_expect(event.retry >= 1000 && event.retry <= 5000, "'%s'", event.raw);
    cr_expect_not(next_event(client, &event));
    cr_expect(client->complete);
    client_close(client);
    server_wait(&server);
}

/* A fault on purpose strikes the stream of a channel, too. */
Test(channels, faults_strike)
{
    struct server server = server_start("");
    struct client *client = hear(&server, "a", ""),
                  *asks = client_connect(&server);
    client_send(asks, "POST /faults?drop=1 HTTP/1.1\r\n" HOST
                      "Content-Length: 0\r\n\r\n");
    cr_expect_eq(client_read(asks).status, 200);
    struct id id = say(&server, "a", "1"), start;
    snprintf(start.text, sizeof(start.text), "%s", client->start_id);
    struct event event;
    cr_expect_not(next_event(client, &event));
    cr_expect_not(client->complete);
    client_close(client);
    client = hear_after(&server, "a", start);
    expect_text(client, "1", id);
    client_close(client);
    client_close(asks);
    server_stop(&server);
}

/* The body of a GET, to be freed. */
static char *get(const struct server *server, const char *path,
                 const char *fields)
{
    struct client *client = client_connect(server);
    client_sendf(client, "GET %s HTTP/1.1\r\n" HOST "%s\r\n", path, fields);
    struct response response = client_read(client);
    char *body = strdup(response.body);
    cr_expect_eq(response.status, 200, "%s: %s", path, response.status_line);
    client_close(client);
    return body;
}

static void expect_in(char *text, const char *part)
{
    cr_expect_not_null(strstr(text, part), "no '%s' in: %s", part, text);
    free(text);
}

Test(channels, what_looks_at_the_server_knows_them)
{
    struct server server = server_start("");
    struct client *client = hear(&server, "news", "");
    say(&server, "news", "1");
    next_message(client);
    expect_in(get(&server, "/metrics", ""), "\ncrier_channels 1\n");
    expect_in(get(&server, "/metrics", ""),
              "\ncrier_channel_subscribers{channel=\"news\"} 1\n");
    expect_in(get(&server, "/metrics", ""),
              "\ncrier_channel_messages_total{channel=\"news\"} 1\n");
    expect_in(get(&server, "/threads", ""), "\"channel\":\"news\"");
    expect_in(get(&server, "/threads", ""), "\"channels\":1");
    client_close(client);
    server_stop(&server);
}

/* /metrics is no way to learn the names, nor to fill a monitor. */
Test(channels, metrics_name_some_and_not_to_strangers)
{
    struct server server = server_start("");
    for (int i = 0; i < 150; i++) {
        char name[80];
        snprintf(name, sizeof(name), "%d-%.60s", 100 + i, SIXTY_FOUR);
        say(&server, name, "1");
    }
    char *text = get(&server, "/metrics", "");
    int named = 0;
    for (char *at = text; (at = strstr(at, "messages_total{channel=\"")); at++)
        named++;
    cr_expect_eq(named, 100);
    cr_expect_not_null(strstr(text, "\ncrier_channels 150\n"));
    free(text);
    struct client *client = client_connect(&server);
    client_send(client, "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n"
                        "Sec-Fetch-Site: same-origin\r\n\r\n");
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200);
    cr_expect_null(strstr(response.body, "channel=\""));
    client_close(client);
    server_stop(&server);
}

/* Many messages of many channels take no more than --max-memory. */
Test(channels, memory_has_a_limit)
{
    struct server server = server_start("--max-memory 1 --channels 100");
    static char large[60000];
    memset(large, 'a', sizeof(large));
    for (int i = 0; i < 60; i++) {
        char name[16];
        snprintf(name, sizeof(name), "%d", i);
        struct reply reply = tell(&server, name, "", large, sizeof(large));
        cr_assert_eq(reply.status, 200);
        free(reply.body);
    }
    char *text = get(&server, "/metrics", "");
    int channels = 0;
    sscanf(strstr(text, "\ncrier_channels "), "\ncrier_channels %d", &channels);
    cr_expect(channels > 10 && channels < 18, "%d", channels);
    free(text);
    struct client *client = hear_after(&server, "59", (struct id){"0"});
    struct event event;
    cr_assert(next_event(client, &event)); /* perhaps it had others */
    cr_expect_str_eq(event.name, "gap");
    cr_expect_eq(strlen(next_message(client).data), sizeof(large));
    client_close(client);
    server_stop(&server);
}

/* A post may be repeated: it is the same message, and comes once. */
Test(channels, an_idempotency_key_belongs_to_one_message)
{
    struct server server = server_start("");
    struct client *client = hear(&server, "a", "");
    struct reply first = tell(&server, "a", "Idempotency-Key: k\r\n", "x", 1),
                 again = tell(&server, "a", "Idempotency-Key: k\r\n", "x", 1);
    cr_expect_eq(first.status, 200);
    cr_expect_str_eq(again.body, first.body);
    free(again.body);
    again = tell(&server, "a", "Idempotency-Key: k\r\n", "y", 1);
    cr_expect_eq(again.status, 422);
    free(again.body);
    again = tell(&server, "b", "Idempotency-Key: k\r\n", "x", 1);
    cr_expect_eq(again.status, 422, "the same for another channel");
    free(again.body);
    again = tell(&server, "a", "Idempotency-Key: \"\"\r\n", "x", 1);
    cr_expect_eq(again.status, 400);
    free(again.body);
    cr_expect_str_eq(next_message(client).data, "x");
    say(&server, "a", "the next one");
    cr_expect_str_eq(next_message(client).data, "the next one");
    free(first.body);
    client_close(client);
    server_stop(&server);
}
