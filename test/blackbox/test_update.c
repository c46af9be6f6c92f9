/* POST /update: what is taken, what is refused, and what the reply says. */
#include "exchange.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

TestSuite(update, .timeout = TEST_SECONDS);

#define NO_TEXT "{\"error\":\"text 필드를 채워주세요\"}"

static long long wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

Test(update, reply_is_compact_json_with_text_before_timestamp)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    long long before = wall_ms();
    client_send(client, "POST /update HTTP/1.1\r\n" HOST
                        "Content-Length: 18\r\n\r\n{\"text\" : \"hello\"}");
    struct response response = client_read(client);
    long long after = wall_ms();

    cr_assert_eq(response.status, 200);
    cr_assert_str_eq(response_field(&response, "Content-Type"),
                     "application/json");
    const char *number = strstr(response.body, "\"timestamp\":");
    cr_assert_not_null(number, "'%s'", response.body);
    long long timestamp = atoll(number + strlen("\"timestamp\":"));
    char expected[128];
    snprintf(expected, sizeof(expected),
             "{\"text\":\"hello\",\"timestamp\":%lld}", timestamp);
    cr_assert_str_eq(response.body, expected, "'%s'", response.body);
    cr_assert(before <= timestamp && timestamp <= after,
              "not milliseconds since the epoch: %lld", timestamp);
    client_close(client);
    server_stop(&server);
}

Test(update, text_comes_back_as_utf_8_however_it_was_escaped)
{
    static const char body[] =
        "{\"text\":\"한\\uad6d\\uc5b4 \\ud83d\\udc4b \\/\"}";
    static const char expected[] = "{\"text\":\"한국어 👋 /\",\"timestamp\":";
    struct server server = server_start("");
    struct reply reply = post_body(&server, body, strlen(body));
    cr_assert_eq(reply.status, 200);
    cr_assert_eq(strncmp(reply.body, expected, strlen(expected)), 0, "%s",
                 reply.body);
    free(reply.body);
    server_stop(&server);
}

Test(update, content_type_may_be_anything)
{
    static const char *const types[] = {
        "",
        "Content-Type: application/json\r\n",
        "Content-Type: application:json\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: text/plain; charset=latin1\r\n",
        "Content-Type:\r\n",
    };
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(types); i++) {
        client_sendf(client,
                     "POST /update HTTP/1.1\r\n" HOST
                     "%sContent-Length: 17\r\n\r\n{\"text\": \"hello\"}",
                     types[i]);
        struct response response = client_read(client);
        cr_expect_eq(response.status, 200, "'%s': %s", types[i],
                     response.status_line);
    }
    client_close(client);
    server_stop(&server);
}

Test(update, other_members_are_ignored)
{
    static const char body[] = "{\"a\": [1, {\"text\": 5}], \"text\": \"x\", "
                               "\"timestamp\": 1, \"id\": null}";
    struct server server = server_start("");
    struct reply reply = post_body(&server, body, strlen(body));
    cr_assert_eq(reply.status, 200);
    cr_assert(strncmp(reply.body, "{\"text\":\"x\",\"timestamp\":", 24) == 0);
    cr_assert_neq(atoll(reply.body + 24), 1);
    cr_assert_null(strstr(reply.body, "id"));
    free(reply.body);
    server_stop(&server);
}

/* The refused bodies; a size where there is a NUL in them. */
struct refused {
    const char *body;
    size_t size;
    bool is_syntax; /* then jansson's line and column must be told */
};

static const struct refused refused[] = {
    {"{\"text\": 5}", 0, false},
    {"{\"text\": null}", 0, false},
    {"{\"text\": true}", 0, false},
    {"{\"text\": [\"hello\"]}", 0, false},
    {"{\"text\": {\"text\": \"hello\"}}", 0, false},
    {"[]", 0, false},
    {"[{\"text\": \"hello\"}]", 0, false},
    {"\"text\"", 0, false},
    {"42", 0, false},
    {"null", 0, false},
    {"", 0, false},
    {"   \n", 0, true},
    {"hello", 0, true},
    {"{\"text\": \"hello\"", 0, true},
    {"{\"text\": \"hello\"} x", 0, true},
    {"{\"text\": \"hello\"}{\"text\": \"hello\"}", 0, true},
    {"{\n  \"a\": 1,\n  text: \"hello\"\n}", 0, true},
    {"{'text': 'hello'}", 0, true},
    {"{\"text\": \"a\nb\"}", 0, true},
    {"{\"text\": \"hello\"}\0", 18, true},
    {"{\"text\": \"\\ud800\"}", 0, true},
    {"{\"text\": \"\xff\"}", 0, true},
    {"{\"text\": \"\xc3\"}", 0, true},
    {"{\"text\": \"\xed\xa0\x80\"}", 0, true},
    {"{\"text\": \"hello\", \"\xc0\xaf\": 1}", 0, true},
};

/* Whether the text tells the number, as a word. */
static bool tells(const char *text, int number)
{
    char digits[16];
    int length = snprintf(digits, sizeof(digits), "%d", number);
    for (const char *at = text; (at = strstr(at, digits)) != NULL; at++)
        if ((at == text || strchr("0123456789", at[-1]) == NULL) &&
            (at[length] == '\0' || strchr("0123456789", at[length]) == NULL))
            return true;
    return false;
}

static void check_refusal(const struct refused *it, const struct reply *reply)
{
    cr_expect_eq(reply->status, 400, "%s: %d", it->body, reply->status);
    json_t *object = json_loads(reply->body, 0, NULL);
    const char *error = json_string_value(json_object_get(object, "error"));
    cr_expect(error != NULL && *error != '\0' && json_object_size(object) == 1,
              "%s: '%s'", it->body, reply->body);
    cr_expect_str_neq(reply->body, NO_TEXT, "%s", it->body);
    if (it->is_syntax && error != NULL) {
        json_error_t where;
        size_t size = it->size != 0 ? it->size : strlen(it->body);
        json_decref(json_loadb(it->body, size, 0, &where));
        cr_expect(tells(error, where.line), "%s: line %d is not in '%s'",
                  it->body, where.line, error);
        cr_expect(tells(error, where.column), "%s: column %d is not in '%s'",
                  it->body, where.column, error);
    }
    json_decref(object);
}

Test(update, what_is_wrong_and_where_is_told_in_json)
{
    struct server server = server_start("");
    for (const struct refused *it = refused; it < refused + COUNT(refused);
         it++) {
        size_t size = it->size != 0 ? it->size : strlen(it->body);
        struct reply reply = post_body(&server, it->body, size);
        check_refusal(it, &reply);
        free(reply.body);
    }
    server_stop(&server);
}

Test(update, missing_or_empty_text_has_the_demos_error)
{
    static const char *const bodies[] = {
        "{}",
        "{\"text\":\"\"}",
        "{\"txt\": \"hello\"}",
        " { \"Text\": \"a\" }",
        "{\"text\": \"\", \"more\": \"text\"}",
    };
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct reply reply = post_body(&server, bodies[i], strlen(bodies[i]));
        cr_expect_eq(reply.status, 400, "%s: %d", bodies[i], reply.status);
        cr_expect_str_eq(reply.body, NO_TEXT, "%s: %s", bodies[i], reply.body);
        free(reply.body);
    }
    server_stop(&server);
}

#define POST "POST /update HTTP/1.1\r\n"

Test(update, every_error_is_json)
{
    static const struct {
        int status;
        const char *request;
    } cases[] = {
        {400, POST HOST "Content-Length: 2\r\n\r\n{}"},
        {400, POST HOST "\r\n"},
        {400, POST HOST "Transfer-Encoding: chunked\r\n\r\nx\r\n"},
        {400, POST "Content-Length: 1\r\n\r\n1"},
        {403, POST HOST "Origin: http://a.example\r\n"
                        "Content-Length: 12\r\n\r\n{\"text\":\"x\"}"},
        {405, "GET /update HTTP/1.1\r\n" HOST "\r\n"},
        {413, POST HOST "Content-Length: 65537\r\n\r\n"},
        {417, POST HOST "Expect: tea\r\nContent-Length: 1\r\n\r\n1"},
    };
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct client *client = client_connect(&server);
        client_send(client, cases[i].request);
        struct response response = client_read(client);
        const char *type = response_field(&response, "Content-Type");
        json_t *object = json_loads(response.body, 0, NULL);
        cr_expect_eq(response.status, cases[i].status, "%s: %s",
                     cases[i].request, response.status_line);
        cr_expect(type != NULL && strcmp(type, "application/json") == 0,
                  "%s: %s", cases[i].request, type);
        cr_expect(json_is_string(json_object_get(object, "error")), "%s: %s",
                  cases[i].request, response.body);
        json_decref(object);
        client_close(client);
    }
    server_stop(&server);
}

Test(update, rejected_messages_reach_nobody)
{
    struct server server = server_start("");
    struct client *subscriber = subscribe(&server, "", "");
    for (const struct refused *it = refused; it < refused + COUNT(refused);
         it++) {
        size_t size = it->size != 0 ? it->size : strlen(it->body);
        free(post_body(&server, it->body, size).body);
    }
    free(post_body(&server, "{}", 2).body);
    publish(&server, "the first");
    cr_assert_not_null(strstr(next_message(subscriber).data, "the first"));
    cr_assert_eq(healthz(&server, "messages"), 1);
    client_close(subscriber);

    struct client *late = subscribe(&server, "?lastEventId=0&limit=1", "");
    cr_assert_not_null(strstr(next_message(late).data, "the first"));
    client_close(late);
    server_stop(&server);
}

Test(update, the_message_is_in_the_store_before_the_reply)
{
    struct server server = server_start("");
    for (int i = 0; i < 50; i++) {
        char text[32];
        snprintf(text, sizeof(text), "number %d.", i);
        publish(&server, text);
        struct client *client =
            subscribe(&server, "?lastEventId=0&limit=1000", "");
        for (int seen = 0; seen < i; seen++)
            next_message(client);
        cr_assert_not_null(strstr(next_message(client).data, text));
        client_close(client);
    }
    server_stop(&server);
}

/* The reply has it, too; a client with no listener for it does not hear it. */
Test(update, event_names_the_event)
{
    static const char named[] = "{\"text\":\"a\",\"event\":\"joined\"}";
    static const char reserved[] = "{\"text\":\"a\",\"event\":\"gap\"}";
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    struct reply gap = post_body(&server, reserved, strlen(reserved));
    struct reply reply = post_body(&server, named, strlen(named));
    struct event event;
    cr_expect_eq(gap.status, 400);
    cr_expect_eq(reply.status, 200);
    cr_expect_not_null(strstr(reply.body, ",\"event\":\"joined\","), "%s",
                       reply.body);
    cr_assert(next_event(client, &event));
    cr_expect_str_eq(event.name, "joined");
    cr_expect_str_eq(event.data, reply.body);
    free(reply.body);
    free(gap.body);
    client_close(client);
    server_stop(&server);
}
