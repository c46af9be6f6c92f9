/* GET /subscribe: the headers, the events' bytes, the ids. */
#include "exchange.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

TestSuite(subscribe, .timeout = TEST_SECONDS);

Test(subscribe, headers_are_those_of_an_event_stream)
{
    static const char *const expected[][2] = {
        {"Content-Type", "text/event-stream; charset=utf-8"},
        {"Cache-Control", "no-store, no-transform"},
        {"X-Accel-Buffering", "no"},
        {"Connection", NULL},
        {"Content-Length", NULL},
        {"Transfer-Encoding", "chunked"},
    };
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "GET /subscribe HTTP/1.1\r\n" HOST "\r\n");
    struct response response = client_read_head(client);
    cr_expect_str_eq(response.status_line, "HTTP/1.1 200 OK");
    for (size_t i = 0; i < COUNT(expected); i++) {
        const char *value = response_field(&response, expected[i][0]);
        if (expected[i][1] == NULL)
            cr_expect_null(value, "%s: %s", expected[i][0], value);
        else
            cr_expect(value != NULL && strcmp(value, expected[i][1]) == 0,
                      "%s: %s", expected[i][0], value);
    }
    client_close(client);
    server_stop(&server);
}

/* No message and no heartbeat comes that would push them out. */
Test(subscribe, headers_and_a_blank_line_leave_at_once)
{
    struct server server = server_start("--heartbeat 3600");
    client_close(subscribe(&server, "", ""));
    server_stop(&server);
}

Test(subscribe, a_message_is_retry_id_data_and_an_empty_line)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    struct reply reply = post(&server, "hello");
    long long timestamp = atoll(strstr(reply.body, "timestamp\":") + 11);
    char expected[256];
    snprintf(expected, sizeof(expected),
             "retry: 10000\nid: %lld\n"
             "data: {\"text\":\"hello\",\"timestamp\":%lld}\n\n",
             timestamp, timestamp);
    cr_assert_str_eq(next_message(client).raw, expected);
    free(reply.body);
    client_close(client);
    server_stop(&server);
}

Test(subscribe, retry_is_the_option)
{
    struct server server = server_start("--retry 1234");
    struct client *client = subscribe(&server, "", "");
    publish(&server, "hello");
    cr_assert_eq(next_message(client).retry, 1234);
    client_close(client);
    server_stop(&server);
}

/* On the loopback one small write arrives as a whole; of two, a reader that
 * waits sees the first alone. */
Test(subscribe, each_message_is_sent_in_one_write)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    for (int i = 0; i < 50; i++) {
        publish(&server, "hello");
        char bytes[4096] = "";
        ssize_t got = recv(client->fd, bytes, sizeof(bytes) - 1, 0);
        cr_assert(got > 4 && strcmp(bytes + got - 4, "\n\n\r\n") == 0,
                  "in parts: '%s'", bytes);
    }
    client_close(client);
    server_stop(&server);
}

static const char *const texts[] = {
    "two\nlines",
    "\r\n\r\ndata: x\n\nid: 5\n\n",
    "quotes \" and \\ and /",
    "control \x01 \x1b[31m \x7f \t \b \f",
    "한국어, Grüße, 𝄞, 👩‍👩‍👧, \xe2\x80\xa8 and "
    "\xe2\x80\xa9, "
    "\xef\xbb\xbf",
    " ",
    ": a comment",
    "{\"text\":\"nested\"}",
};

static void check_text(const struct event *event, const char *text)
{
    json_t *object = json_loads(event->data, 0, NULL);
    cr_expect_not_null(object, "'%s'", event->data);
    json_t *received = json_object_get(object, "text");
    cr_expect(json_is_string(received) &&
                  strcmp(json_string_value(received), text) == 0,
              "'%s' came as '%s'", text, event->raw);
    cr_expect_null(strchr(event->raw, '\r'), "'%s'", event->raw);
    json_decref(object);
}

/* That each event has one `data:` line alone is checked by next_event. */
Test(subscribe, data_is_one_line_whatever_the_text_contains)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct reply reply = post(&server, texts[i]);
        struct event event = next_message(client);
        check_text(&event, texts[i]);
        cr_expect_str_eq(event.data, reply.body);
        free(reply.body);
    }
    char *large = calloc(1, 60001);
    memset(large, 'x', 60000);
    publish(&server, large);
    struct event event = next_message(client);
    check_text(&event, large);
    free(large);
    client_close(client);
    server_stop(&server);
}

Test(subscribe, every_subscriber_is_sent_the_same_bytes)
{
    struct server server = server_start("");
    struct client *clients[5];
    for (size_t i = 0; i < COUNT(clients); i++)
        clients[i] = subscribe(&server, "", "");
    for (size_t i = 0; i < COUNT(texts); i++) {
        publish(&server, texts[i]);
        char *first = strdup(next_message(clients[0]).raw);
        for (size_t c = 1; c < COUNT(clients); c++)
            cr_expect_str_eq(next_message(clients[c]).raw, first);
        free(first);
    }
    for (size_t i = 0; i < COUNT(clients); i++)
        client_close(clients[i]);
    server_stop(&server);
}

/* Whether the id is the timestamp, or the next one of the same millisecond. */
static bool follows(const char *id, long long timestamp, long long last_ms,
                    long long last_number)
{
    char expected[64];
    if (timestamp == last_ms)
        snprintf(expected, sizeof(expected), "%lld-%lld", timestamp,
                 last_number + 1);
    else
        snprintf(expected, sizeof(expected), "%lld", timestamp);
    return timestamp >= last_ms && strcmp(id, expected) == 0;
}

Test(subscribe, ids_are_timestamps_and_number_those_of_one_millisecond)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    long long last_ms = 0, last_number = 0, highest = 0;
    for (double start = seconds_now(); highest < 2;
         wait_a_moment(start, "messages in one millisecond")) {
        publish_burst(&server, 100);
        for (int i = 0; i < 100; i++) {
            struct event event = next_message(client);
            long long ms = atoll(strstr(event.data, "timestamp\":") + 11);
            cr_assert(follows(event.id, ms, last_ms, last_number),
                      "%lld-%lld is followed by '%s'", last_ms, last_number,
                      event.raw);
            last_number = ms == last_ms ? last_number + 1 : 0;
            last_ms = ms;
            highest = last_number > highest ? last_number : highest;
        }
    }
    client_close(client);
    server_stop(&server);
}
