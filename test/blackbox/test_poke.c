/* POST /poke: a class does to the server what lectures only tell. */
#include "exchange.h"
#include "stall.h"
#include "state.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(poke, .timeout = TEST_SECONDS);

/* Pokes, and returns the thread that the answer names; or fails unless the
 * status is this one. */
static int poke(const struct server *server, const char *query, int status)
{
    char target[64];
    int thread = 0;
    snprintf(target, sizeof target, "/poke%s", query);
    struct reply reply = command_with(server, target, "");
    if (reply.status != status)
        fail("%s: %d %s", query, reply.status, reply.body);
    if (status == 200 &&
        sscanf(reply.body, "{\"poke\":\"%*[a-z]\",\"thread\":%d}", &thread) !=
            1)
        fail("%s: %s", query, reply.body);
    free(reply.body);
    return thread;
}

/* Whether the thread with this number, or with 0 any of this role, is in this
 * place ("" for none) and blocked in this call ("" for none). */
static bool is_there(const json_t *look, int thread, const char *role,
                     const char *place, const char *call)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(look, "threads"), i, row)
    {
        const char *at = json_string_value(json_object_get(row, "place"));
        const char *in = json_string_value(json_object_get(row, "blocked_in"));
        const char *is = json_string_value(json_object_get(row, "role"));
        if ((thread == 0
                 ? strcmp(is, role) == 0
                 : json_integer_value(json_object_get(row, "tid")) == thread) &&
            strcmp(at != NULL ? at : "", place) == 0 &&
            strcmp(in != NULL ? in : "", call) == 0)
            return true;
    }
    return false;
}

/* How many steps of this name a thread (0: any) took. */
static int steps(const struct server *server, int thread, const char *name)
{
    json_t *json = look(server, "/timeline");
    int count = 0;
    size_t i;
    json_t *step;
    json_array_foreach(json_object_get(json, "steps"), i, step) count +=
        strcmp(json_string_value(json_array_get(step, 2)), name) == 0 &&
        (thread == 0 || json_integer_value(json_array_get(step, 1)) == thread);
    json_decref(json);
    return count;
}

static void wait_for_step(const struct server *server, int thread,
                          const char *name)
{
    for (double start = seconds_now(); steps(server, thread, name) == 0;)
        wait_a_moment(start, name);
}

static bool look_once(const struct server *server, int thread, const char *role,
                      const char *place, const char *call)
{
    json_t *json = look(server, "/threads");
    bool there = is_there(json, thread, role, place, call);
    json_decref(json);
    return there;
}

static void look_until(const struct server *server, int thread,
                       const char *role, const char *place, const char *call)
{
    for (double start = seconds_now();
         !look_once(server, thread, role, place, call);)
        wait_a_moment(start, call);
}

/* Waits until the store has so many of these. */
static void wait_in_store(const struct server *server, const char *name,
                          long long expected)
{
    for (double start = seconds_now();; wait_a_moment(start, name)) {
        json_t *json = look(server, "/threads");
        json_t *store = json_object_get(json, "store");
        long long number = json_integer_value(json_object_get(store, name));
        json_decref(json);
        if (number == expected)
            return;
    }
}

/* It wakes, looks, and sleeps again; the message comes as ever. */
Test(poke, a_spurious_wake_up_changes_nothing)
{
    struct server server = server_start("--classroom");
    poke(&server, "?spurious", 409);
    struct client *a = subscribe(&server, "", "");
    look_until(&server, 0, "subscriber", "idle", "pthread_cond_wait");
    int thread = poke(&server, "?spurious", 200);
    wait_for_step(&server, thread, "sleeps");
    cr_expect_eq(steps(&server, 0, "nudges"), 1);
    cr_expect_eq(steps(&server, thread, "wakes"), 0);
    look_until(&server, thread, "", "idle", "pthread_cond_wait");
    char query[32];
    snprintf(query, sizeof query, "?spurious=%d", thread);
    cr_expect_eq(poke(&server, query, 200), thread);
    poke(&server, "?spurious=1", 409);
    poke(&server, "?spurious=x", 400);
    cr_expect_not(client_has_input(a));
    publish(&server, "news");
    next_message(a);
    client_close(a);
    server_stop(&server);
}

/* All have a turn at once for one message, and one of them for the next. */
Test(poke, a_herd_is_for_one_message)
{
    enum { COUNT_ALL = 5 };
    struct server server = server_start("--classroom --turns 1");
    struct client *clients[COUNT_ALL];
    poke(&server, "?herd", 409);
    for (int i = 0; i < COUNT_ALL; i++)
        clients[i] = subscribe(&server, "", "");
    wait_in_store(&server, "idle", COUNT_ALL);
    poke(&server, "?herd", 200);
    publish(&server, "all");
    for (int i = 0; i < COUNT_ALL; i++)
        next_message(clients[i]);
    json_t *json = look(&server, "/timeline");
    size_t i;
    int gives = 0, others = 0;
    long long publisher = 0;
    json_t *step;
    json_array_foreach(json_object_get(json, "steps"), i, step)
    {
        const char *name = json_string_value(json_array_get(step, 2));
        long long by = json_integer_value(json_array_get(step, 1));
        if (strcmp(name, "publishes") == 0)
            publisher = by;
        if (strcmp(name, "gives") == 0 && by == publisher)
            gives++;
        else if (strcmp(name, "gives") == 0)
            others++;
    }
    cr_expect_eq(gives, COUNT_ALL, "the publisher wakes all: %d", gives);
    cr_expect_eq(others, 0);
    json_decref(json);
    wait_in_store(&server, "free_turns", 1);
    for (int c = 0; c < COUNT_ALL; c++)
        client_close(clients[c]);
    server_stop(&server);
}

static void *hold(void *server)
{
    poke(server, "?lock", 200);
    return NULL;
}

static void *say(void *server)
{
    publish(server, "late");
    return NULL;
}

/* A publisher waits for the mutex, and a look shows it, without waiting. On a
 * slow machine the second may pass unseen. */
static bool see_who_waits(void)
{
    struct server server = server_start("--classroom");
    pthread_t holder, publisher;
    bool seen = false, sleeps = false, over = false;
    json_decref(look(&server, "/threads"));
    pthread_create(&holder, NULL, hold, &server);
    wait_for_step(&server, 0, "holds");
    pthread_create(&publisher, NULL, say, &server);
    while (!over && !(seen && sleeps)) {
        json_t *json = look(&server, "/threads");
        seen |= is_there(json, 0, "publisher", "", "pthread_mutex_lock");
        sleeps |= is_there(json, 0, "poker", "", "nanosleep");
        over = steps(&server, 0, "releases") > 0;
        json_decref(json);
    }
    pthread_join(holder, NULL);
    pthread_join(publisher, NULL);
    server_stop(&server);
    return seen && sleeps;
}

Test(poke, who_waits_for_the_mutex_is_seen)
{
    for (double start = seconds_now(); !see_who_waits();)
        wait_a_moment(start, "a look while the mutex is held");
}

/* Its thread blocks in sendmsg until the server gives it up after 10 s; others
 * get nothing more for it. */
static bool see_it_stall(void)
{
    struct server server = server_start("--classroom");
    struct client *a = subscribe(&server, "", "");
    double start = seconds_now();
    int thread = poke(&server, "?stall", 200);
    bool seen = look_once(&server, thread, "", "writing", "sendmsg");
    cr_expect(seen || late(start));
    publish(&server, "others go on");
    next_message(a);
    wait_healthz(&server, "subscribers", 1);
    client_close(a);
    server_stop(&server);
    return seen;
}

Test(poke, a_client_stalls)
{
    for (double start = seconds_now(); !see_it_stall();)
        wait_a_moment(start, "a look before it is given up");
}

/* Nobody notices, until a heartbeat has had no answer for 10 s. */
Test(poke, a_client_vanishes)
{
    struct server server = server_start("--classroom --heartbeat 1");
    double start = seconds_now();
    int thread = poke(&server, "?vanish", 200);
    look_until(&server, thread, "", "idle", "pthread_cond_wait");
    wait_healthz(&server, "subscribers", 0);
    cr_expect_geq(seconds_now() - start, 9);
    wait_healthz(&server, "clients", 1); /* the poker leaves, too */
    server_stop(&server);
}

/* Ctrl-C waits for none of them. */
Test(poke, shutdown_waits_for_no_poke)
{
    struct server server = server_start("--classroom");
    poke(&server, "?vanish", 200);
    poke(&server, "?stall", 200);
    pthread_t holder;
    pthread_create(&holder, NULL, hold, &server);
    wait_for_step(&server, 0, "holds");
    server_stop(&server);
    pthread_join(holder, NULL);
}

/* Waits until the server has sent a subscriber away. */
static void wait_refused(const struct server *server)
{
    static const char line[] = "\ncrier_subscribers_refused_total 1\n";
    bool refused = false;
    for (double start = seconds_now(); !refused;) {
        struct client *client = client_connect(server);
        client_send(client, "GET /metrics HTTP/1.1\r\n" HOST "\r\n");
        refused = strstr(client_read(client).body, line) != NULL;
        client_close(client);
        wait_a_moment(start, "a subscriber that is refused");
    }
}

/* It waits for a subscriber that does not come: there is one place, which is
 * taken. False if it was cut, as a slow machine may do. */
static bool end_a_beginning(void)
{
    struct server server = server_start("--classroom --max-clients 65");
    struct client *only = subscribe(&server, "", "");
    struct client *poker = client_connect(&server);
    client_send(poker, "POST /poke?vanish HTTP/1.1\r\n" HOST
                       "Content-Length: 0\r\n\r\n");
    wait_refused(&server);
    double start = seconds_now();
    kill(server.pid, SIGTERM);
    bool answered = client_find(poker, "\r\n\r\n") > 0;
    cr_assert(answered || late(start), "it was cut");
    if (answered)
        cr_expect_eq(client_read(poker).status, 503);
    server_wait(&server);
    client_close(poker);
    client_close(only);
    return answered;
}

Test(poke, shutdown_waits_for_none_that_begins)
{
    for (double start = seconds_now(); !end_a_beginning();)
        wait_a_moment(start, "an answer before the rest is cut");
}

Test(poke, these_clients_are_few)
{
    struct server server = server_start("--classroom");
    for (int i = 0; i < 4; i++)
        poke(&server, "?vanish", 200);
    poke(&server, "?vanish", 503);
    server_stop(&server);
    server = server_start("--classroom --max-clients 1");
    poke(&server, "?vanish", 503);
    server_stop(&server);
}

Test(poke, they_are_for_classrooms)
{
    struct server server = server_start("");
    static const char *const all[] = {"?spurious", "?herd",   "?lock",
                                      "?stall",    "?vanish", "?x"};
    for (size_t i = 0; i < COUNT(all); i++)
        poke(&server, all[i], 403);
    server_stop(&server);
    server = server_start("--classroom");
    poke(&server, "", 400);
    poke(&server, "?x", 400);
    struct reply reply =
        command_with(&server, "/poke?lock", "Origin: http://evil.example\r\n");
    cr_expect_eq(reply.status, 403);
    free(reply.body);
    server_stop(&server);
}
