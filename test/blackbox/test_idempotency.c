/* Idempotency-Key: a post may be repeated, and is published once. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(idempotency, .timeout = TEST_SECONDS);

/* Posts with a field line for the key, "" for none. The response holds until
 * the client's next read. */
static struct response post_with(struct client *client, const char *field,
                                 const char *body)
{
    client_sendf(client,
                 "POST /update HTTP/1.1\r\n" HOST "%sContent-Length: %zu\r\n"
                 "\r\n%s",
                 field, strlen(body), body);
    return client_read(client);
}

#define HELLO "{\"text\":\"hello\"}"

Test(idempotency, a_repetition_has_the_same_answer)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    struct client *subscriber = subscribe(&server, "", "");
    char answer[128];
    snprintf(answer, sizeof(answer), "%s",
             post_with(client, "Idempotency-Key: \"one\"\r\n", HELLO).body);
    cr_assert_not_null(strstr(answer, "\"timestamp\":"), "%s", answer);
    for (int i = 0; i < 3; i++) {
        struct response again =
            post_with(client, "idempotency-key: one\r\n",
                      "{\"text\":\"hel\\u006co\",\"else\":[1]}");
        cr_expect_eq(again.status, 200);
        cr_expect_str_eq(again.body, answer);
    }
    cr_expect_eq(healthz(&server, "messages"), 1);
    publish(&server, "end");
    cr_expect_not_null(strstr(next_message(subscriber).data, "hello"));
    cr_expect_not_null(strstr(next_message(subscriber).data, "end"));
    client_close(subscriber);
    client_close(client);
    server_stop(&server);
}

Test(idempotency, a_key_is_for_one_message)
{
    static const char *const others[] = {
        "{\"text\":\"other\"}",
        "{\"text\":\"hello\",\"event\":\"joined\"}",
    };
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    post_with(client, "Idempotency-Key: one\r\n", HELLO);
    for (size_t i = 0; i < COUNT(others); i++) {
        struct response response =
            post_with(client, "Idempotency-Key: one\r\n", others[i]);
        cr_expect_eq(response.status, 422, "%s", response.status_line);
        cr_expect_not_null(strstr(response.body, "\"error\""), "%s",
                           response.body);
    }
    cr_expect_eq(
        post_with(client, "Idempotency-Key: two\r\n", others[0]).status, 200);
    cr_expect_eq(healthz(&server, "messages"), 2);
    client_close(client);
    server_stop(&server);
}

#define POST(field)                                                            \
    "POST /update HTTP/1.1\r\n" HOST field                                     \
    "Content-Length: 12\r\n\r\n{\"text\":\"x\"}"

/* A refusal uses no key up. */
Test(idempotency, what_is_no_key_is_a_400)
{
    static const struct exchange table[] = {
        {"an empty key", 400, POST("Idempotency-Key:\r\n"), GOES_ON, NULL},
        {"an empty string", 400, POST("Idempotency-Key: \"\"\r\n"), GOES_ON,
         NULL},
        {"two words", 400, POST("Idempotency-Key: a b\r\n"), GOES_ON, NULL},
        {"an open string", 400, POST("Idempotency-Key: \"a\r\n"), GOES_ON,
         NULL},
        {"two fields", 400,
         POST("Idempotency-Key: a\r\nIdempotency-Key: b\r\n"), GOES_ON,
         "{\"error\":\"more than one Idempotency-Key\"}"},
    };
    struct server server = server_start("");
    check_exchanges(&server, table, COUNT(table));
    cr_expect_eq(healthz(&server, "messages"), 0);
    struct client *client = client_connect(&server);
    cr_expect_eq(
        post_with(client, "Idempotency-Key: a\r\n", "{\"text\":1}").status,
        400);
    cr_expect_eq(post_with(client, "Idempotency-Key: a\r\n", HELLO).status,
                 200);
    client_close(client);
    server_stop(&server);
}

Test(idempotency, a_key_goes_when_its_message_leaves_the_history)
{
    struct server server = server_start("--history 2");
    struct client *client = client_connect(&server);
    post_with(client, "Idempotency-Key: one\r\n", HELLO);
    publish(&server, "x");
    post_with(client, "Idempotency-Key: one\r\n", HELLO);
    cr_expect_eq(healthz(&server, "messages"), 2);
    publish(&server, "y");
    post_with(client, "Idempotency-Key: one\r\n", HELLO);
    cr_expect_eq(healthz(&server, "messages"), 4);
    client_close(client);
    server_stop(&server);
}

Test(idempotency, twenty_at_once_are_published_once)
{
    enum { CLIENTS = 20, ROUNDS = 20 };
    struct server server = server_start("--quiet");
    struct client *clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = client_connect(&server);
    for (int round = 0; round < ROUNDS; round++) {
        char answer[128] = "";
        for (int i = 0; i < CLIENTS; i++)
            client_sendf(clients[i],
                         "POST /update HTTP/1.1\r\n" HOST
                         "Idempotency-Key: %d\r\n"
                         "Content-Length: 16\r\n\r\n" HELLO,
                         round);
        for (int i = 0; i < CLIENTS; i++) {
            struct response response = client_read(clients[i]);
            cr_assert_eq(response.status, 200, "%s", response.status_line);
            if (i == 0)
                snprintf(answer, sizeof(answer), "%s", response.body);
            cr_expect_str_eq(response.body, answer);
        }
    }
    cr_expect_eq(healthz(&server, "messages"), ROUNDS);
    for (int i = 0; i < CLIENTS; i++)
        client_close(clients[i]);
    server_stop(&server);
}
