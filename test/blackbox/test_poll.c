/* GET /poll, and what it has in common with /longpoll: which messages come. For
 * the rest of the answers see test_poll_answers.c. */
#include "exchange.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(poll, .timeout = TEST_SECONDS);

struct id {
    char text[48];
};

static struct response ask(struct client *client, const char *target)
{
    client_sendf(client, "GET %s HTTP/1.1\r\n" HOST "\r\n", target);
    return client_read(client);
}

static struct response ask_after(struct client *client, const char *path,
                                 const char *id)
{
    char target[128];
    snprintf(target, sizeof(target), "%s?after=%s", path, id);
    return ask(client, target);
}

static struct id next_id(const struct response *response)
{
    struct id id = {""};
    const char *field = response_field(response, "Last-Event-ID");
    cr_assert_not_null(field, "%s", response->status_line);
    snprintf(id.text, sizeof(id.text), "%s", field);
    return id;
}

/* How many messages the array has, each of which is the next one. */
static int count_messages(const char *body, int first)
{
    int count = 0;
    const char *at = body;
    cr_assert_eq(*at, '[', "%s", body);
    do {
        char expected[64];
        at++;
        snprintf(expected, sizeof(expected),
                 "{\"text\":\"%d\",\"timestamp\":", first + count++);
        cr_assert_eq(strncmp(at, expected, strlen(expected)), 0, "%s", at);
        at = strchr(at, '}') + 1;
    } while (*at == ',');
    cr_assert_str_eq(at, "]");
    return count;
}

Test(poll, begins_now_and_goes_on_where_the_answer_says)
{
    struct server server = server_start("");
    publish(&server, "before");
    struct client *client = client_connect(&server);
    struct response response = ask(client, "/poll");
    cr_assert_eq(response.status, 204);
    cr_expect_str_eq(response_field(&response, "Cache-Control"), "no-store");
    struct id id = next_id(&response);

    response = ask_after(client, "/poll", id.text);
    cr_assert_eq(response.status, 204);
    cr_expect_str_eq(next_id(&response).text, id.text);

    publish_burst(&server, 3);
    response = ask_after(client, "/poll", id.text);
    cr_assert_eq(response.status, 200);
    cr_expect_str_eq(response_field(&response, "Content-Type"),
                     "application/json");
    cr_expect_eq(count_messages(response.body, 0), 3);
    id = next_id(&response);
    cr_expect_eq(ask_after(client, "/poll", id.text).status, 204);
    client_close(client);
    server_stop(&server);
}

Test(poll, begins_now_on_an_empty_server_too)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    struct response response = ask(client, "/poll");
    cr_assert_eq(response.status, 204);
    struct id id = next_id(&response);
    publish_burst(&server, 1);
    response = ask_after(client, "/poll", id.text);
    cr_assert_eq(response.status, 200);
    cr_expect_null(response_field(&response, "Event-Gap"));
    cr_expect_eq(count_messages(response.body, 0), 1);
    client_close(client);
    server_stop(&server);
}

/* Page by page, where there is more than goes into one answer. */
Test(poll, after_0_gives_all_that_is_retained)
{
    enum { MESSAGES = 200 };
    static const char *const paths[] = {"/poll", "/longpoll"};
    struct server server = server_start("");
    publish_burst(&server, MESSAGES);
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct id id = {"0"};
        int count = 0;
        while (count < MESSAGES) {
            struct response response = ask_after(client, paths[i], id.text);
            cr_assert_eq(response.status, 200);
            cr_expect_null(response_field(&response, "Event-Gap"));
            count += count_messages(response.body, count);
            id = next_id(&response);
        }
        cr_expect_eq(count, MESSAGES);
        cr_expect_eq(ask_after(client, "/poll", id.text).status, 204);
    }
    client_close(client);
    server_stop(&server);
}

Test(poll, an_id_that_is_none_means_from_now_on)
{
    static const char *const none[] = {"",   "x",      "-1", "1-",
                                       "01", "%31%00", "%zz"};
    struct server server = server_start("");
    publish(&server, "before");
    struct client *client = client_connect(&server);
    struct response response = ask(client, "/poll");
    struct id now = next_id(&response);
    for (size_t i = 0; i < COUNT(none); i++) {
        response = ask_after(client, "/poll", none[i]);
        cr_assert_eq(response.status, 204, "after=%s", none[i]);
        cr_expect_str_eq(next_id(&response).text, now.text);
        cr_expect_null(response_field(&response, "Event-Gap"));
    }
    client_close(client);
    server_stop(&server);
}

/* Only an earlier process can have given it, and nobody knows what that one
 * published. */
Test(poll, an_id_of_the_future_gets_a_gap_and_all_that_is_retained)
{
    struct server server = server_start("");
    publish_burst(&server, 3);
    struct client *client = client_connect(&server);
    struct response response =
        ask_after(client, "/poll", "9223372036854775807");
    cr_assert_eq(response.status, 200);
    cr_expect_eq(count_messages(response.body, 0), 3);
    const char *gap = response_field(&response, "Event-Gap");
    cr_assert_not_null(gap);
    cr_expect_not_null(strstr(gap, "\"after\":\"9223372036854775807\""));
    client_close(client);
    server_stop(&server);
}

Test(poll, tells_of_messages_that_are_gone)
{
    struct server server = server_start("--history 3");
    struct client *client = client_connect(&server);
    publish_burst(&server, 1);
    struct response response = ask(client, "/poll");
    struct id first = next_id(&response);
    publish_burst(&server, 5);

    response = ask_after(client, "/poll", first.text);
    cr_assert_eq(response.status, 200);
    char expected[128];
    snprintf(expected, sizeof(expected), "{\"after\":\"%s\",\"oldest\":\"",
             first.text);
    const char *gap = response_field(&response, "Event-Gap");
    cr_assert_not_null(gap);
    cr_assert_eq(strncmp(gap, expected, strlen(expected)), 0, "%s", gap);
    cr_expect_str_eq(gap + strlen(gap) - 2, "\"}");
    cr_expect_eq(count_messages(response.body, 2), 3);
    client_close(client);
    server_stop(&server);
}

/* Once, or a long poll would go round and round. */
Test(poll, tells_of_what_an_earlier_process_published)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    struct response response = ask_after(client, "/longpoll", "5");
    cr_assert_eq(response.status, 204);
    cr_expect_str_eq(response_field(&response, "Event-Gap"),
                     "{\"after\":\"5\",\"oldest\":null}");
    response = ask_after(client, "/poll", next_id(&response).text);
    cr_assert_eq(response.status, 204);
    cr_expect_null(response_field(&response, "Event-Gap"));
    client_close(client);
    server_stop(&server);
}

enum { BURSTS = 20, BURST = 50, POLLERS = 8 };

struct poller {
    const struct server *server;
    const char *path;
    pthread_t thread;
};

/* Every burst, one after the other, whole and in order. */
static void *poll_them_all(void *argument)
{
    const struct poller *poller = argument;
    struct client *client = client_connect(poller->server);
    struct id id = {"0"};
    int count = 0;
    while (count < BURSTS * BURST) {
        struct response response = ask_after(client, poller->path, id.text);
        id = next_id(&response);
        const char *at = response.body;
        while (response.status == 200 && *at != ']') {
            char expected[64];
            snprintf(expected, sizeof(expected), "{\"text\":\"%d\",",
                     count++ % BURST);
            if (strncmp(++at, expected, strlen(expected)) != 0)
                fail("%s: no %s here: %s", poller->path, expected, at);
            at = strchr(at, '}') + 1;
        }
    }
    client_close(client);
    return NULL;
}

Test(poll, loses_and_repeats_nothing_while_others_publish)
{
    struct server server = server_start("");
    struct poller pollers[POLLERS];
    for (int i = 0; i < POLLERS; i++) {
        pollers[i] = (struct poller){.server = &server,
                                     .path = i % 2 ? "/poll" : "/longpoll"};
        if (pthread_create(&pollers[i].thread, NULL, poll_them_all,
                           &pollers[i]) != 0)
            fail("no thread");
    }
    for (int i = 0; i < BURSTS; i++)
        publish_burst(&server, BURST);
    for (int i = 0; i < POLLERS; i++)
        pthread_join(pollers[i].thread, NULL);
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}
