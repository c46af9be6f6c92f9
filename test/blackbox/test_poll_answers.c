/* The answers of /poll and /longpoll but for the messages in them. */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

TestSuite(poll_answers, .timeout = TEST_SECONDS);

static struct response ask(struct client *client, const char *target)
{
    client_sendf(client, "GET %s HTTP/1.1\r\n" HOST "\r\n", target);
    return client_read(client);
}

Test(poll_answers, head_has_the_fields_and_no_body_and_does_not_wait)
{
    static const char *const targets[] = {"/poll?after=0", "/longpoll?after=0"};
    struct server server = server_start("");
    publish_burst(&server, 2);
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(targets); i++) {
        client_sendf(client, "HEAD %s HTTP/1.1\r\n" HOST "\r\n", targets[i]);
        struct response response = client_read_head(client);
        cr_assert_eq(response.status, 200);
        cr_expect_not_null(response_field(&response, "Last-Event-ID"));
        int length = atoi(response_field(&response, "Content-Length"));
        response = ask(client, targets[i]);
        cr_expect_eq((int)response.body_size, length);
    }
    double start = seconds_now();
    client_send(client, "HEAD /longpoll?wait=60 HTTP/1.1\r\n" HOST "\r\n");
    cr_expect_eq(client_read_head(client).status, 204);
    cr_expect_lt(seconds_now() - start, 50);
    client_close(client);
    server_stop(&server);
}

#define BAD_WAIT "{\"error\":\"wait must be a whole number from 1 to 60\"}"
#define WAITING(value)                                                         \
    "GET /longpoll?after=0&wait=" value " HTTP/1.1\r\n" HOST "\r\n"

Test(poll_answers, refuses_in_json)
{
    static const struct exchange table[] = {
        {"the least", 200, WAITING("1"), GOES_ON, NULL},
        {"the most", 200, WAITING("60"), GOES_ON, NULL},
        {"none", 400, WAITING("0"), GOES_ON, BAD_WAIT},
        {"too long", 400, WAITING("61"), GOES_ON, BAD_WAIT},
        {"empty", 400, WAITING(""), GOES_ON, BAD_WAIT},
        {"negative", 400, WAITING("-1"), GOES_ON, BAD_WAIT},
        {"a fraction", 400, WAITING("1.5"), GOES_ON, BAD_WAIT},
        {"a word", 400, WAITING("long"), GOES_ON, BAD_WAIT},
        {"overflow", 400, WAITING("18446744073709551617"), GOES_ON, BAD_WAIT},
        {"not /poll's business", 200,
         "GET /poll?after=0&wait=0 HTTP/1.1\r\n" HOST "\r\n", GOES_ON, NULL},
        {"a method", 405, "POST /poll HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
         "{\"error\":\"Method Not Allowed\"}"},
    };
    struct server server = server_start("");
    publish(&server, "hello");
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
}

Test(poll_answers, asks_to_come_back_where_there_is_no_room)
{
    struct server server = server_start("--max-clients 65");
    struct client *subscriber = subscribe(&server, "", "");
    struct client *client = client_connect(&server);
    struct response response = ask(client, "/longpoll");
    cr_assert_eq(response.status, 503);
    int seconds = atoi(response_field(&response, "Retry-After"));
    cr_expect(seconds >= 1 && seconds <= 5);
    cr_expect_eq(strncmp(response.body, "{\"error\":", 9), 0);

    client_close(subscriber);
    wait_healthz(&server, "subscribers", 0);
    cr_expect_eq(ask(client, "/poll").status, 204);
    client_close(client);
    server_stop(&server);
}

Test(poll_answers, lets_pages_of_allowed_origins_read_its_fields)
{
    struct server server = server_start("--allow-origin http://a.example");
    struct client *client = client_connect(&server);
    client_send(client, "GET /poll HTTP/1.1\r\n" HOST
                        "Origin: http://a.example\r\n\r\n");
    struct response response = client_read(client);
    cr_expect_str_eq(response_field(&response, "Access-Control-Expose-Headers"),
                     "Last-Event-ID, Event-Gap");
    client_send(client, "GET /poll HTTP/1.1\r\n" HOST
                        "Origin: http://b.example\r\n\r\n");
    response = client_read(client);
    cr_expect_null(response_field(&response, "Access-Control-Expose-Headers"));
    client_close(client);
    server_stop(&server);
}
