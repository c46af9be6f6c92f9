/* Last-Event-ID and ?lastEventId=: what is sent first, and what is a gap. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(last_event_id, .timeout = TEST_SECONDS);

#define MESSAGES 10

/* What a subscriber was sent, in order: ids and whole events. */
struct record {
    char id[MESSAGES][64];
    char raw[MESSAGES][256];
};

static void publish_numbers(const struct server *server, struct record *record)
{
    struct client *client = subscribe(server, "", "");
    for (int i = 0; i < MESSAGES; i++) {
        char text[32];
        snprintf(text, sizeof(text), "%d", i);
        publish(server, text);
        struct event event = next_message(client);
        snprintf(record->id[i], sizeof(record->id[i]), "%s", event.id);
        snprintf(record->raw[i], sizeof(record->raw[i]), "%s", event.raw);
    }
    client_close(client);
}

/* The client must be sent messages from..MESSAGES, then a new one, live. */
static void expect_from(const struct server *server, struct client *client,
                        const struct record *record, int from)
{
    for (int i = from; i < MESSAGES; i++)
        cr_expect_str_eq(next_message(client).raw, record->raw[i]);
    publish(server, "live");
    cr_expect_not_null(strstr(next_message(client).data, "\"live\""));
    client_close(client);
}

static void expect_gap(struct client *client, const char *after,
                       const char *oldest)
{
    char expected[256];
    snprintf(expected, sizeof(expected),
             "event: gap\ndata: {\"after\":\"%s\",\"oldest\":%s%s%s}\n\n",
             after, oldest == NULL ? "" : "\"",
             oldest == NULL ? "null" : oldest, oldest == NULL ? "" : "\"");
    struct event event;
    cr_assert(next_event(client, &event), "the stream ended before a gap");
    cr_expect_str_eq(event.raw, expected, "'%s'", event.raw);
}

static struct client *subscribe_query(const struct server *server,
                                      const char *id)
{
    char query[256];
    snprintf(query, sizeof(query), "?lastEventId=%s", id);
    return subscribe(server, query, "");
}

Test(last_event_id, sends_every_retained_message_after_it_then_goes_on_live)
{
    struct record record;
    struct client *clients[MESSAGES];
    struct server server = server_start("");
    publish_numbers(&server, &record);
    for (int i = 0; i < MESSAGES; i++)
        clients[i] = subscribe_after(&server, record.id[i], "");
    publish(&server, "live");
    for (int i = 0; i < MESSAGES; i++) {
        for (int m = i + 1; m < MESSAGES; m++)
            cr_expect_str_eq(next_message(clients[i]).raw, record.raw[m]);
        cr_expect_not_null(strstr(next_message(clients[i]).data, "\"live\""));
        client_close(clients[i]);
    }
    server_stop(&server);
}

Test(last_event_id, the_query_does_the_same_for_a_first_connection)
{
    struct record record;
    struct server server = server_start("");
    publish_numbers(&server, &record);
    expect_from(&server, subscribe_query(&server, record.id[6]), &record, 7);
    server_stop(&server);
}

Test(last_event_id, zero_is_all_that_is_retained)
{
    struct record record;
    struct server server = server_start("");
    struct client *early = subscribe_query(&server, "0");
    publish_numbers(&server, &record);
    struct client *query = subscribe_query(&server, "0");
    struct client *field = subscribe_after(&server, "0", "");
    for (int i = 0; i < MESSAGES; i++) {
        cr_expect_str_eq(next_message(early).raw, record.raw[i]);
        cr_expect_str_eq(next_message(query).raw, record.raw[i]);
    }
    expect_from(&server, field, &record, 0);
    client_close(early);
    client_close(query);
    server_stop(&server);
}

Test(last_event_id, the_header_wins_over_the_query)
{
    struct record record;
    struct server server = server_start("");
    publish_numbers(&server, &record);
    expect_from(&server,
                subscribe_after(&server, record.id[7], "?lastEventId=0"),
                &record, 8);
    server_stop(&server);
}

/* The field's name in any case; the query among other parameters. */
Test(last_event_id, is_found_however_it_is_written)
{
    struct record record;
    struct server server = server_start("");
    publish_numbers(&server, &record);
    char field[128], query[128];
    snprintf(field, sizeof(field), "last-event-id:  %s \r\n", record.id[8]);
    snprintf(query, sizeof(query), "?a=1&lastEventId=%s&b", record.id[8]);
    struct client *by_field = subscribe(&server, "", field);
    struct client *by_query = subscribe(&server, query, "");
    cr_expect_str_eq(next_message(by_field).raw, record.raw[9]);
    cr_expect_str_eq(next_message(by_query).raw, record.raw[9]);
    client_close(by_field);
    client_close(by_query);
    server_stop(&server);
}

static const char *const strange[] = {
    "abc",
    "-1",
    "1-",
    "1-0",
    "01",
    "1-01",
    "00",
    "0-",
    "1.5",
    "1-2-3",
    "+1",
    "0x1",
    "1 2",
    "-",
    "1e3",
    "18446744073709551616",
    "99999999999999999999999999999999999999",
    "1-99999999999999999999999",
    "\"1\"",
    "\xff\xfe",
    "1\xc3\xa9",
    "1111111111111111111111111111111111111111111111111111111111111111",
    "11111111111111111111111111111111111111111111111111111111111111111",
};

/* What does not parse. */
Test(last_event_id, anything_else_means_live_only_and_is_never_an_error)
{
    struct record record;
    struct server server = server_start("");
    publish_numbers(&server, &record);
    for (size_t i = 0; i < COUNT(strange); i++) {
        struct client *field = subscribe_after(&server, strange[i], "");
        struct client *query = strchr(strange[i], ' ') != NULL ||
                                       strpbrk(strange[i], "\xff\xc3\"") != NULL
                                   ? NULL
                                   : subscribe_query(&server, strange[i]);
        publish(&server, "live");
        cr_expect(strstr(next_message(field).data, "live"), "'%s'", strange[i]);
        if (query != NULL) {
            cr_expect(strstr(next_message(query).data, "live"), "'%s'",
                      strange[i]);
            client_close(query);
        }
        client_close(field);
    }
    struct client *empty = subscribe(&server, "", "Last-Event-ID:\r\n");
    publish(&server, "live");
    cr_expect(strstr(next_message(empty).data, "live"));
    client_close(empty);
    server_stop(&server);
}

Test(last_event_id, a_very_long_one_means_live_only)
{
    char digits[4000] = {0};
    struct server server = server_start("");
    publish(&server, "old");
    memset(digits, '1', sizeof(digits) - 1);
    struct client *client = client_connect(&server);
    client_sendf(client,
                 "GET /subscribe?lastEventId=%s HTTP/1.1\r\n" HOST
                 "Last-Event-ID: %s\r\n\r\n",
                 digits, digits);
    cr_assert_eq(client_read_head(client).status, 200);
    read_start(client);
    publish(&server, "live");
    cr_expect(strstr(next_message(client).data, "live"));
    client_close(client);
    server_stop(&server);
}

Test(last_event_id, a_gap_comes_first_if_messages_are_no_longer_retained)
{
    struct record record;
    struct server server = server_start("--history 5");
    publish_numbers(&server, &record);
    static const int after[] = {0, 2, 3};
    for (size_t i = 0; i < COUNT(after); i++) {
        struct client *field =
            subscribe_after(&server, record.id[after[i]], "");
        struct client *query = subscribe_query(&server, record.id[after[i]]);
        expect_gap(field, record.id[after[i]], record.id[5]);
        expect_gap(query, record.id[after[i]], record.id[5]);
        for (int m = 5; m < MESSAGES; m++) {
            cr_expect_str_eq(next_message(field).raw, record.raw[m]);
            cr_expect_str_eq(next_message(query).raw, record.raw[m]);
        }
        client_close(field);
        client_close(query);
    }
    struct client *all = subscribe_query(&server, "0");
    expect_gap(all, "0", record.id[5]);
    expect_from(&server, all, &record, 5);
    server_stop(&server);
}

/* The last that was dropped itself: nothing after it is missing. */
Test(last_event_id, no_gap_comes_if_all_after_it_are_retained)
{
    struct record record;
    struct server server = server_start("--history 5");
    publish_numbers(&server, &record);
    expect_from(&server, subscribe_after(&server, record.id[4], ""), &record,
                5);
    server_stop(&server);
}

Test(last_event_id, one_of_an_earlier_life_gets_a_gap)
{
    struct record before, after;
    struct server server = server_start("");
    publish_numbers(&server, &before);
    server_stop(&server);

    server = server_start("");
    struct client *client =
        subscribe_after(&server, before.id[MESSAGES - 1], "");
    expect_gap(client, before.id[MESSAGES - 1], NULL);
    publish_numbers(&server, &after);
    expect_from(&server, client, &after, 0);
    client = subscribe_query(&server, before.id[MESSAGES - 1]);
    expect_gap(client, before.id[MESSAGES - 1], after.id[0]);
    expect_from(&server, client, &after, 0);
    server_stop(&server);
}
