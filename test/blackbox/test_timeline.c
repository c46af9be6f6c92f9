/* GET /timeline: what the threads of the store did, step by step. */
#include "exchange.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

TestSuite(timeline, .timeout = TEST_SECONDS);

/* A step of the answer: [us, thread, "step", what, "id"]. */
struct step {
    long long us, thread, other;
    const char *name, *why, *id; /* "" if it is not there */
};

static const char *text_at(const json_t *row, size_t i)
{
    const char *text = json_string_value(json_array_get(row, i));
    return text != NULL ? text : "";
}

static struct step step_at(const json_t *json, size_t i)
{
    json_t *row = json_array_get(json_object_get(json, "steps"), i);
    return (struct step){
        .us = json_integer_value(json_array_get(row, 0)),
        .thread = json_integer_value(json_array_get(row, 1)),
        .name = text_at(row, 2),
        .other = json_integer_value(json_array_get(row, 3)),
        .why = text_at(row, 3),
        .id = text_at(row, 4),
    };
}

static size_t count_steps(const json_t *json)
{
    return json_array_size(json_object_get(json, "steps"));
}

/* The first step of this name from *at on; moves *at behind it. With `thread`,
 * only that thread's. */
static struct step next_step(const json_t *json, size_t *at, const char *name,
                             long long thread)
{
    while (*at < count_steps(json)) {
        struct step step = step_at(json, (*at)++);
        if (strcmp(step.name, name) == 0 &&
            (thread == 0 || step.thread == thread))
            return step;
    }
    char *text = json_dumps(json, 0);
    fail("no step %s in %s", name, text);
}

static int count_named(const json_t *json, const char *name)
{
    int count = 0;
    for (size_t i = 0; i < count_steps(json); i++)
        count += strcmp(step_at(json, i).name, name) == 0;
    return count;
}

/* The timeline, as soon as it has so many steps of this name. */
static json_t *ask_until(const struct server *server, const char *name,
                         int wanted)
{
    for (double start = seconds_now();; wait_a_moment(start, name)) {
        json_t *json = look(server, "/timeline");
        if (count_named(json, name) >= wanted)
            return json;
        json_decref(json);
    }
}

/* Step by step, and one turn: the publisher wakes the first, who wakes the
 * next, and each of them wakes only when the step before has ended. */
Test(timeline, the_publisher_wakes_the_first_and_each_the_next)
{
    struct server server = server_start("--classroom --turns 1");
    struct client *a = subscribe(&server, "", "");
    struct client *b = subscribe(&server, "", "");
    json_decref(look(&server, "/timeline")); /* from now on it is kept */
    command(&server, "/slow?step");
    publish(&server, "slowly");
    json_t *json = ask_until(&server, "keeps", 1);
    cr_expect_eq(count_named(json, "keeps"), 1, "it has the only turn");
    cr_expect_eq(count_named(json, "gives"), 1);
    json_decref(json);
    command(&server, "/slow?step=message");
    while (!client_has_input(a) || !client_has_input(b))
        command(&server, "/slow?step=message");

    json = ask_until(&server, "leaves", 2);
    size_t at = 0;
    struct step step = next_step(json, &at, "publishes", 0);
    long long publisher = step.thread, us = step.us;
    cr_expect_str_eq(step.id, next_message(a).id);
    step = next_step(json, &at, "gives", publisher);
    long long first = step.other;
    step = next_step(json, &at, "wakes", first);
    cr_expect_geq(step.us, us);
    next_step(json, &at, "keeps", first);
    step = next_step(json, &at, "leaves", first);
    cr_expect_str_eq(step.why, "messages");
    cr_expect_str_eq(step.id, next_message(b).id);
    step = next_step(json, &at, "gives", first);
    long long second = step.other;
    cr_expect(second != first && second != publisher);
    next_step(json, &at, "wakes", second);
    step = next_step(json, &at, "leaves", second);
    cr_expect_str_eq(step.why, "messages");
    json_decref(json);
    client_close(a);
    client_close(b);
    server_stop(&server);
}

/* Nobody has looked before, so there is nothing; a look is enough for more. */
Test(timeline, it_begins_with_the_first_look)
{
    struct server server = server_start("");
    struct client *a = subscribe(&server, "", "");
    publish(&server, "unseen");
    next_message(a);
    json_t *json = look(&server, "/timeline");
    cr_expect_eq(count_named(json, "publishes"), 0);
    cr_expect_eq(json_integer_value(json_object_get(json, "lost")), 0);
    json_decref(json);
    publish(&server, "seen");
    json = ask_until(&server, "leaves", 1);
    cr_expect_eq(count_named(json, "publishes"), 1);
    json_decref(json);
    client_close(a);
    server_stop(&server);
}

/* A viewer hears each step once, by events. */
Test(timeline, events_continue_one_another)
{
    enum { MESSAGES = 20 };
    struct server server = server_start("");
    struct client *a = subscribe(&server, "", "");
    struct client *viewer = watch(&server, "/timeline");
    json_decref(next_state(viewer));
    for (int i = 0; i < MESSAGES; i++) {
        publish(&server, "again");
        next_message(a);
    }
    int published = 0, left = 0;
    while (published < MESSAGES || left < MESSAGES) {
        json_t *json = next_state(viewer);
        published += count_named(json, "publishes");
        left += count_named(json, "leaves");
        cr_expect_eq(json_integer_value(json_object_get(json, "lost")), 0);
        json_decref(json);
    }
    cr_expect_eq(published, MESSAGES);
    client_close(viewer);
    client_close(a);
    server_stop(&server);
}

/* The JSON that chrome://tracing opens; test/browser has a parser of it. */
Test(timeline, chrome_gets_slices_and_arrows)
{
    struct server server = server_start("");
    struct client *a = subscribe(&server, "", "");
    json_decref(look(&server, "/timeline?format=chrome"));
    publish(&server, "drawn");
    json_decref(ask_until(&server, "leaves", 1));
    json_t *json = look(&server, "/timeline?format=chrome");
    int count[128] = {0};
    size_t i;
    json_t *event;
    json_array_foreach(json_object_get(json, "traceEvents"), i, event)
        count[json_string_value(json_object_get(event, "ph"))[0] & 127]++;
    cr_expect_geq(count['X'], 3);
    cr_expect_eq(count['s'], 1);
    cr_expect_eq(count['f'], 1);
    cr_expect_eq(count['i'], 2, "published and collected");
    json_decref(json);
    client_close(a);
    server_stop(&server);
}

Test(timeline, other_machines_are_refused)
{
    struct server server = server_start("--host 0.0.0.0");
    struct client *client = client_connect_from_outside(&server);
    client_send(client, "GET /timeline HTTP/1.1\r\n" HOST "\r\n");
    cr_expect_eq(client_read(client).status, 403);
    client_close(client);
    server_stop(&server);
}

Test(timeline, other_formats_and_names_are_refused)
{
    struct server server = server_start("");
    json_decref(look(&server, "/timeline?format=json"));
    struct client *client = client_connect(&server);
    client_send(client, "GET /timeline?format=svg HTTP/1.1\r\n" HOST "\r\n");
    cr_expect_eq(client_read(client).status, 400);
    client_send(client, "GET /timeline HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    struct response response = client_read(client);
    cr_expect_eq(response.status, 403);
    cr_expect_not_null(strstr(response.body, "another name"));
    client_send(client,
                "POST /timeline HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
    cr_expect_eq(client_read(client).status, 405);
    client_close(client);
    server_stop(&server);
}
