/* GET /subscribe: how a stream ends, what keeps it alive, who may have one. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(stream, .timeout = TEST_SECONDS);

Test(stream, limit_ends_the_stream_cleanly_after_that_many)
{
    struct server server = server_start("");
    publish(&server, "1");
    publish(&server, "2");
    struct client *mixed = subscribe(&server, "?limit=3&lastEventId=0", "");
    struct client *live = subscribe(&server, "?limit=1", "");
    wait_healthz(&server, "subscribers", 2);
    publish(&server, "3");
    publish(&server, "4");
    for (int i = 0; i < 3; i++)
        next_message(mixed);
    next_message(live);
    cr_expect(client_closed(mixed) && !mixed->was_reset);
    cr_expect(client_closed(live) && !live->was_reset);

    struct client *replay = subscribe(&server, "?lastEventId=0&limit=2", "");
    next_message(replay);
    next_message(replay);
    cr_expect(client_closed(replay) && !replay->was_reset);
    client_close(mixed);
    client_close(live);
    client_close(replay);
    server_stop(&server);
}

Test(stream, gaps_do_not_count_for_the_limit)
{
    struct server server = server_start("--history 2");
    for (int i = 0; i < 4; i++)
        publish(&server, "hello");
    struct client *client = subscribe(&server, "?lastEventId=0&limit=3", "");
    struct event event;
    cr_assert(next_event(client, &event));
    cr_assert_str_eq(event.name, "gap");
    next_message(client);
    next_message(client);
    publish(&server, "the third");
    cr_expect_not_null(strstr(next_message(client).data, "the third"));
    cr_assert(client_closed(client));
    client_close(client);
    server_stop(&server);
}

Test(stream, a_limit_out_of_range_is_400)
{
    static const char *const limits[] = {
        "0",  "-1", "abc", "1000000001", "",
        "+1", "1x", "1.5", "0x10",       "99999999999999999999"};
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(limits); i++) {
        client_sendf(client, "GET /subscribe?limit=%s HTTP/1.1\r\n" HOST "\r\n",
                     limits[i]);
        struct response response = client_read(client);
        const char *type = response_field(&response, "Content-Type");
        cr_expect_eq(response.status, 400, "'%s': %s", limits[i],
                     response.status_line);
        cr_expect(type != NULL && strncmp(type, "text/plain", 10) == 0);
    }
    client_close(client);
    client_close(subscribe(&server, "?limit=1000000000", ""));
    server_stop(&server);
}

Test(stream, a_comment_comes_after_each_time_without_a_message)
{
    struct server server = server_start("--heartbeat 1");
    double start = seconds_now();
    struct client *client = subscribe(&server, "", "");
    for (int i = 1; i <= 3; i++) {
        struct event event;
        cr_assert(next_block(client, &event));
        cr_expect_str_eq(event.raw, ":\n\n");
        cr_expect_gt(seconds_now() - start, i - 0.1, "the %dth is early", i);
    }
    client_close(client);
    server_stop(&server);
}

Test(stream, no_comment_comes_while_messages_do)
{
    struct server server = server_start("--heartbeat 1");
    struct client *client = subscribe(&server, "", "");
    double begin = seconds_now(), last = begin;
    while (seconds_now() - begin < 2.5) {
        double now = seconds_now();
        publish(&server, "hello");
        struct event event = {.data = NULL};
        while (event.data == NULL) {
            cr_assert(next_block(client, &event));
            /* One is due if the machine stood still since before the last. */
            cr_expect(event.data != NULL || seconds_now() - last > 0.9, "'%s'",
                      event.raw);
        }
        last = now;
        wait_a_moment(now, "");
    }
    client_close(client);
    server_stop(&server);
}

Test(stream, head_gets_the_headers_alone_and_no_subscriber)
{
    static const struct exchange table[] = {
        {"HEAD", 200, "HEAD /subscribe HTTP/1.1\r\n" HOST "\r\n", CLOSES,
         "Content-Type: text/event-stream; charset=utf-8"},
        {"POST", 405,
         "POST /subscribe HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n",
         GOES_ON, "Allow: GET, HEAD, OPTIONS"},
    };
    struct server server = server_start("");
    check_exchanges(&server, table, COUNT(table));
    cr_assert_eq(healthz(&server, "subscribers"), 0);
    char *log = server_log(&server);
    cr_assert_null(strstr(log, "subscriber"), "%s", log);
    free(log);
    server_stop(&server);
}

Test(stream, a_request_behind_it_is_not_answered)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "GET /subscribe?limit=1 HTTP/1.1\r\n" HOST "\r\n"
                        "GET /healthz HTTP/1.1\r\n" HOST "\r\n");
    client_read_head(client);
    read_start(client);
    wait_healthz(&server, "subscribers", 1);
    client_send(client, "GET /healthz HTTP/1.1\r\n" HOST "\r\n");
    publish(&server, "hello");
    next_message(client);
    cr_assert(client_closed(client));
    cr_expect_not(client->was_reset);
    client_close(client);
    server_stop(&server);
}

/* One chunk for each event, and the last chunk for a clean end. */
Test(stream, http_1_1_gets_each_event_in_a_chunk)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "GET /subscribe?limit=2&lastEventId=0 HTTP/1.1\r\n" HOST
                        "\r\n");
    char *copy = NULL, expected[1024];
    client_take(client, &copy, client_find(client, "\r\n\r\n"));
    wait_healthz(&server, "subscribers", 1);
    long long first = publish(&server, "hello");
    client_take(client, &copy, client_find(client, "}\n\n\r\n"));
    int length = snprintf(expected, sizeof(expected),
                          "15\r\n\nretry: 10000\nid: 0\n\n\r\n"
                          "51\r\nretry: 10000\nid: %lld\n"
                          "data: {\"text\":\"hello\",\"timestamp\":%lld}"
                          "\n\n\r\n",
                          first, first);
    cr_expect_str_eq(copy, expected);
    cr_expect_gt(length, 0);
    publish(&server, "hello");
    client_take(client, &copy, client_find(client, "}\n\n\r\n"));
    client_take(client, &copy, client_find(client, "\r\n\r\n"));
    cr_expect_str_eq(copy, "0\r\n\r\n");
    cr_assert(client_closed(client));
    free(copy);
    client_close(client);
    server_stop(&server);
}

/* A client that loses its line before the first message misses nothing. */
Test(stream, begins_with_the_id_to_come_back_with)
{
    struct server server = server_start("--retry 1234");
    publish(&server, "before");
    struct client *lost = subscribe(&server, "", "");
    cr_expect_eq(lost->start_retry, 1234);
    publish(&server, "missed");
    char id[sizeof(lost->start_id)];
    memcpy(id, lost->start_id, sizeof(id));
    client_reset(lost);
    publish(&server, "missed, too");
    struct client *back = subscribe_after(&server, id, "");
    cr_expect_str_eq(back->start_id, id);
    cr_expect_not_null(strstr(next_message(back).data, "\"missed\""));
    cr_expect_not_null(strstr(next_message(back).data, "\"missed, too\""));
    client_close(back);
    server_stop(&server);
}

Test(stream, http_1_0_gets_the_same_stream)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "GET /subscribe?limit=1 HTTP/1.0\r\n\r\n");
    cr_assert_eq(client_read_head(client).status, 200);
    cr_expect_not(client->chunked);
    read_start(client);
    wait_healthz(&server, "subscribers", 1);
    publish(&server, "hello");
    next_message(client);
    cr_assert(client_closed(client));
    client_close(client);
    server_stop(&server);
}
