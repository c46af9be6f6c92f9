/* GET /poll?channel=NAME and /longpoll: a channel for those who cannot read a
 * stream. */
#include "channel.h"
#include "exchange.h"

#include <stdio.h>
#include <string.h>

TestSuite(poll_channels, .timeout = TEST_SECONDS);

static struct response ask(struct client *client, const char *target,
                           const char *after)
{
    client_sendf(client, "GET %s&after=%s HTTP/1.1\r\n" HOST "\r\n", target,
                 after);
    return client_read(client);
}

static void expect_next(const struct response *response, struct id id)
{
    cr_expect_str_eq(response_field(response, "Last-Event-ID"), id.text);
}

Test(poll_channels, an_array_of_what_was_said)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    char expected[512];
    struct id first = say(&server, "news", "hi"),
              second = say(&server, "news?event=%22joined%22", "a\r\nb\n"),
              third = say(&server, "news", "\"\\\t\x01 안녕");
    say(&server, "other", "of no interest");
    publish(&server, "nor this");

    struct response response = ask(client, "/poll?channel=news", "0");
    snprintf(expected, sizeof(expected),
             "[{\"id\":\"%s\",\"data\":\"hi\"},"
             "{\"id\":\"%s\",\"event\":\"\\u0022joined\\u0022\","
             "\"data\":\"a\\nb\\n\"},"
             "{\"id\":\"%s\",\"data\":\"\\u0022\\u005c\\u0009\\u0001 안녕\"}]",
             first.text, second.text, third.text);
    cr_assert_eq(response.status, 200);
    cr_expect_str_eq(response.body, expected);
    cr_expect_str_eq(response_field(&response, "Content-Type"),
                     "application/json");
    expect_next(&response, third);

    response = ask(client, "/longpoll?channel=news", second.text);
    cr_assert_eq(response.status, 200);
    expect_next(&response, third);
    cr_expect_not_null(strstr(response.body, third.text));
    response = ask(client, "/poll?channel=news", third.text);
    cr_expect_eq(response.status, 204);
    expect_next(&response, third);

    client_send(client,
                "HEAD /poll?channel=news&after=0 HTTP/1.1\r\n" HOST "\r\n");
    response = client_read_head(client);
    cr_expect_eq(response.status, 200);
    snprintf(expected, sizeof(expected), "%zu", strlen(expected));
    cr_expect_str_eq(response_field(&response, "Content-Length"), expected);
    client_close(client);
    server_stop(&server);
}

Test(poll_channels, a_long_poll_waits_for_its_channel)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client,
                "GET /longpoll?channel=news&wait=60 HTTP/1.1\r\n" HOST "\r\n");
    wait_healthz(&server, "subscribers", 1);
    publish(&server, "the chat");
    say(&server, "other", "another channel");
    cr_expect_not(client_has_input(client));
    struct id id = say(&server, "news", "hi");
    struct response response = client_read(client);
    cr_assert_eq(response.status, 200);
    expect_next(&response, id);
    wait_healthz(&server, "subscribers", 0);
    client_close(client);
    server_stop(&server);
}

/* The channel comes with its long poll, and goes before the answer is made. */
Test(poll_channels, a_long_poll_of_a_channel_that_is_not_there)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    struct response response = ask(client, "/longpoll?channel=news", "1");
    cr_expect_eq(response.status, 204);
    cr_expect_str_eq(response_field(&response, "Event-Gap"),
                     "{\"after\":\"1\",\"oldest\":null}");
    response = ask(client, "/longpoll?wait=1&channel=news",
                   response_field(&response, "Last-Event-ID"));
    cr_expect_eq(response.status, 204);
    cr_expect_null(response_field(&response, "Event-Gap"));
    client_close(client);
    server_stop(&server);
}

/* Who only asks takes no place, and makes no other channel go. */
Test(poll_channels, a_poll_makes_no_channel)
{
    struct server server = server_start("--channels 1");
    struct client *client = client_connect(&server);
    struct id id = say(&server, "a", "1");
    cr_expect_eq(ask(client, "/poll?channel=b", "0").status, 204);
    struct response response = ask(client, "/poll?channel=a", "0");
    cr_expect_eq(response.status, 200);
    expect_next(&response, id);

    struct id other = say(&server, "b", "2"); /* a goes */
    response = ask(client, "/poll?channel=a", id.text);
    cr_expect_eq(response.status, 204);
    cr_expect_null(response_field(&response, "Event-Gap"), "nothing is lost");
    response = ask(client, "/poll?channel=a", "1");
    cr_expect_eq(response.status, 204);
    cr_expect_str_eq(response_field(&response, "Event-Gap"),
                     "{\"after\":\"1\",\"oldest\":null}");
    response = ask(client, "/poll?channel=b", "0");
    cr_expect_eq(response.status, 200);
    expect_next(&response, other);
    client_close(client);
    server_stop(&server);
}

#define ASK(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"

Test(poll_channels, what_is_refused)
{
    static const struct exchange table[] = {
        {"the longest name", 204, ASK("/poll?channel=" SIXTY_FOUR), GOES_ON,
         NULL},
        {"a longer name", 400, ASK("/poll?channel=" SIXTY_FOUR "a"), GOES_ON,
         NO_NAME},
        {"no name", 400, ASK("/poll?channel="), GOES_ON, NO_NAME},
        {"a slash", 400, ASK("/poll?channel=a/b"), GOES_ON, NO_NAME},
        {"a broken escape", 400, ASK("/poll?channel=%zz"), GOES_ON, NO_NAME},
        {"a long poll", 400, ASK("/longpoll?channel=%20"), GOES_ON, NO_NAME},
    };
    struct server server = server_start("--channels 1");
    check_exchanges(&server, table, COUNT(table));
    struct client *only = hear(&server, "a", "");
    static const struct exchange full[] = {
        {"no place for another channel", 503, ASK("/longpoll?channel=b"),
         GOES_ON, "{\"error\":\"no room for another subscriber, or channel\"}"},
        {"which a short poll does not need", 204, ASK("/poll?channel=b"),
         GOES_ON, NULL},
    };
    check_exchanges(&server, full, COUNT(full));
    client_close(only);
    server_stop(&server);
}
