/* GET /threads and POST /slow: the server shows its threads. */
#include "exchange.h"
#include "shell.h"
#include "stall.h"
#include "state.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(threads, .timeout = TEST_SECONDS);

#define GET_THREADS "GET /threads HTTP/1.1\r\n" HOST

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text != NULL ? text : "";
}

/* The first row of this role, in this place ("" for none) and blocked in this;
 * or NULL. */
static json_t *find(const json_t *json, const char *role, const char *place,
                    const char *call)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(json, "threads"), i,
                       row) if (strcmp(text_of(row, "role"), role) == 0 &&
                                strcmp(text_of(row, "place"), place) == 0 &&
                                strcmp(text_of(row, "blocked_in"), call) ==
                                    0) return row;
    return NULL;
}

/* Looks until there is such a row, and returns the look. */
static json_t *look_until(const struct server *server, const char *role,
                          const char *place, const char *call)
{
    for (double start = seconds_now();; wait_a_moment(start, call)) {
        json_t *json = look(server, "/threads");
        if (find(json, role, place, call) != NULL)
            return json;
        json_decref(json);
    }
}

static long long count_in_store(const json_t *json, const char *name)
{
    return json_integer_value(
        json_object_get(json_object_get(json, "store"), name));
}

/* Publishes, and looks until such a subscriber is there; if the wave went by
 * unseen, it publishes once more. Adds to *count what it has published. */
static json_t *look_into_wave(const struct server *server, const char *place,
                              int *count)
{
    for (double start = seconds_now();; wait_a_moment(start, place)) {
        publish(server, "slowly");
        ++*count;
        for (bool over = false; !over;) {
            json_t *json = look(server, "/threads");
            if (find(json, "subscriber", place, "pthread_cond_wait") != NULL)
                return json;
            over = count_in_store(json, "ready") == 0 &&
                   count_in_store(json, "turn") == 0;
            json_decref(json);
        }
    }
}

static void post_slow(const struct server *server, const char *target,
                      int status, const char *body)
{
    struct reply reply = command_with(server, target, "");
    cr_expect_eq(reply.status, status, "%s: %d", target, reply.status);
    cr_expect_not_null(strstr(reply.body, body), "%s", reply.body);
    free(reply.body);
}

/* Any of them may still be on its way there. */
static json_t *look_until_all_wait(const struct server *server)
{
    for (double start = seconds_now();; wait_a_moment(start, "all to wait")) {
        json_t *json = look(server, "/threads");
        if (find(json, "accept", "", "accept4") != NULL &&
            find(json, "departures", "", "epoll_wait") != NULL &&
            find(json, "signals", "", "sigwait") != NULL &&
            find(json, "client", "", "recv") != NULL &&
            find(json, "subscriber", "idle", "pthread_cond_wait") != NULL)
            return json;
        json_decref(json);
    }
}

Test(threads, each_is_in_its_place)
{
    struct server server = server_start("--history 7");
    struct client *idle = subscribe(&server, "?limit=99", "");
    struct client *fresh = client_connect(&server);
    json_t *json = look_until_all_wait(&server);
    json_t *row = find(json, "accept", "", "accept4");
    cr_expect_eq(json_integer_value(json_object_get(row, "tid")), server.pid);
    cr_expect(json_is_null(json_object_get(row, "client")));
    cr_expect_not_null(find(json, "viewer", "", ""), "it runs");
    json_decref(look_until(&server, "log", "", "pthread_cond_wait"));

    row = find(json, "subscriber", "idle", "pthread_cond_wait");
    cr_expect_str_eq(text_of(row, "source"), "proc");
    cr_expect_str_eq(text_of(row, "system_call"), "futex");
    cr_expect_str_eq(text_of(row, "request"),
                     "GET /subscribe?limit=99 HTTP/1.1");
    cr_expect_eq(strncmp(text_of(row, "client"), "127.0.0.1:", 10), 0);
    cr_expect_eq(json_integer_value(json_object_get(row, "sent")), 0);
    json_t *store = json_object_get(json, "store");
    cr_expect_eq(json_integer_value(json_object_get(store, "idle")), 1);
    cr_expect_eq(json_integer_value(json_object_get(store, "published")), 0);
    cr_expect(json_is_false(json_object_get(json, "classroom")));
    json_decref(json);

    publish(&server, "one");
    next_message(idle);
    json = look_until(&server, "subscriber", "idle", "pthread_cond_wait");
    row = find(json, "subscriber", "idle", "pthread_cond_wait");
    cr_expect_eq(json_integer_value(json_object_get(row, "sent")), 1);
    json_decref(json);
    client_close(fresh);
    client_close(idle);
    server_stop(&server);
}

Test(threads, a_reader_that_stalls_is_in_sendmsg)
{
    struct server server = server_start("--history 1000");
    bool seen = false;
    for (double start = seconds_now(); !seen;
         wait_a_moment(start, "a look before it is given up")) {
        struct client *stalled = stall(&server);
        json_t *json = look(&server, "/threads");
        seen = find(json, "subscriber", "writing", "sendmsg") != NULL;
        if (seen) {
            cr_expect_eq(count_in_store(json, "writing"), 1);
            cr_expect_eq(count_in_store(json, "free_turns"),
                         count_in_store(json, "turns"));
        }
        json_decref(json);
        client_reset(stalled);
        wait_healthz(&server, "subscribers", 0);
    }
    server_stop(&server);
}

/* The request line is the client's, and its role, as long as it is idle. */
Test(threads, a_publisher_is_one_until_its_next_request)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "POST /update HTTP/1.1\r\n" HOST
                        "Content-Length: 12\r\n\r\n{\"text\":\"a\"}");
    client_read(client);
    json_decref(look_until(&server, "publisher", "", "recv"));
    client_sendf(client, "GET /%0200d HTTP/1.1\r\n" HOST "\r\n", 0);
    client_read(client);
    json_t *json = look_until(&server, "client", "", "recv");
    cr_expect_eq(strlen(text_of(find(json, "client", "", "recv"), "request")),
                 63);
    json_decref(json);
    client_close(client);
    server_stop(&server);
}

Test(threads, events_tell_all_and_then_what_changes)
{
    struct server server = server_start("");
    struct client *client = watch(&server, "/threads");
    json_t *json = next_state(client);
    cr_expect_not_null(find(json, "signals", "", "sigwait"));
    cr_expect_null(json_object_get(json, "gone"));
    json_decref(json);

    struct client *subscriber = subscribe(&server, "", "");
    long long id = -1;
    for (json_t *row = NULL; row == NULL; json_decref(json)) {
        json = next_state(client);
        cr_expect_null(find(json, "signals", "", "sigwait"),
                       "it is told again");
        row = find(json, "subscriber", "idle", "pthread_cond_wait");
        if (row != NULL)
            id = json_integer_value(json_object_get(row, "id"));
    }
    client_close(subscriber);
    for (bool gone = false; !gone; json_decref(json)) {
        size_t i;
        json_t *number;
        json = next_state(client);
        json_array_foreach(json_object_get(json, "gone"), i, number) gone |=
            json_integer_value(number) == id;
    }
    client_close(client);
    server_stop(&server);
}

/* False if a slow machine has let the wave pass. */
static bool see_a_wave(void)
{
    struct server server = server_start("--classroom --turns 1");
    struct client *a = subscribe(&server, "", "");
    struct client *b = subscribe(&server, "", "");
    struct client *viewer = watch(&server, "/threads");
    json_decref(next_state(viewer));
    cr_expect_eq(healthz(&server, "subscribers"), 2, "a viewer is none");
    command(&server, "/slow?ms=5000");
    publish(&server, "slowly");
    bool seen = false;
    for (bool over = false; !seen && !over;) {
        json_t *json = next_state(viewer);
        if (count_in_store(json, "published") == 1) {
            seen = count_in_store(json, "turn") == 1 &&
                   count_in_store(json, "ready") == 1;
            over = count_in_store(json, "idle") == 2;
        }
        json_decref(json);
    }
    /* It waits for its turn. */
    seen = seen && !client_has_input(b);
    client_close(a);
    client_close(b);
    client_close(viewer);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
    return seen;
}

/* A viewer waits for no turn: it sees the wave that it is looking at. */
Test(threads, a_viewer_sees_the_wave)
{
    for (double start = seconds_now(); !see_a_wave();)
        wait_a_moment(start, "a look while the wave lasts");
}

Test(threads, other_machines_see_them_in_a_classroom_alone)
{
    static const char *const options[] = {"--host 0.0.0.0",
                                          "--host 0.0.0.0 --classroom",
                                          "--host :: --classroom"};
    for (size_t i = 0; i < COUNT(options); i++) {
        struct server server = server_start(options[i]);
        struct client *client = client_connect_from_outside(&server);
        client_send(client, GET_THREADS "\r\n");
        struct response response = client_read(client);
        cr_expect_eq(response.status, i == 0 ? 403 : 200);
        cr_expect_not_null(strstr(response.body, "classroom"));
        client_close(client);
        server_stop(&server);
    }
}

/* Behind a proxy all come from loopback, but not those whom it tells apart. */
Test(threads, other_machines_behind_a_proxy_do_not_see_them)
{
    static const struct {
        const char *options, *fields;
        int status;
    } cases[] = {
        {"", "X-Forwarded-For: 192.0.2.1\r\n", 200},
        {"--trust-proxy 127.0.0.1", "", 200},
        {"--trust-proxy 127.0.0.1", "X-Forwarded-For: 127.0.0.1\r\n", 200},
        {"--trust-proxy 127.0.0.1", "X-Forwarded-For: ::1\r\n", 200},
        {"--trust-proxy 127.0.0.1", "X-Forwarded-For: 192.0.2.1\r\n", 403},
        {"--trust-proxy 127.0.0.1 --classroom",
         "X-Forwarded-For: 192.0.2.1\r\n", 200},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct server server = server_start(cases[i].options);
        struct client *client = client_connect(&server);
        client_send(client, GET_THREADS);
        client_send(client, cases[i].fields);
        client_send(client, "\r\n");
        cr_expect_eq(client_read(client).status, cases[i].status, "%s %s",
                     cases[i].options, cases[i].fields);
        client_close(client);
        server_stop(&server);
    }
}

Test(threads, slow_motion_is_for_classrooms)
{
    struct server server = server_start("");
    post_slow(&server, "/slow?ms=1", 403, "--classroom");
    server_stop(&server);
    server = server_start("--classroom");
    post_slow(&server, "/slow?ms=5000", 200, "{\"slow_ms\":5000}");
    post_slow(&server, "/slow?ms=0", 200, "{\"slow_ms\":0}");
    static const char *const bad[] = {
        "/slow",       "/slow?ms=",    "/slow?ms=5001",
        "/slow?ms=-1", "/slow?ms=1.5", "/slow?ms=x"};
    for (size_t i = 0; i < COUNT(bad); i++)
        post_slow(&server, bad[i], 400, "from 0 to 5000");
    server_stop(&server);
}

/* Whom the proxy names, as with pokes; by itself a client has a port. */
Test(threads, who_made_the_latest_step_is_told)
{
    static const struct {
        const char *fields, *by;
    } cases[] = {
        {"X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
        {"X-Forwarded-For: 2001:db8::1\r\n", "[2001:db8::1]"},
        {"", "127.0.0.1"},
    };
    struct server server = server_start("--classroom --trust-proxy 127.0.0.1");
    for (size_t i = 0; i < COUNT(cases); i++) {
        free(command_with(&server, "/slow?step", cases[i].fields).body);
        json_t *json = look(&server, "/threads");
        cr_expect_str_eq(text_of(json_object_get(json, "step"), "by"),
                         cases[i].by);
        json_decref(json);
    }
    server_stop(&server);
    server = server_start("--classroom");
    free(command_with(&server, "/slow?step", cases[0].fields).body);
    json_t *json = look(&server, "/threads");
    const char *by = text_of(json_object_get(json, "step"), "by");
    cr_expect_eq(strncmp(by, "127.0.0.1:", 10), 0, "%s", by);
    json_decref(json);
    server_stop(&server);
}

Test(threads, slow_motion_makes_the_wave_last)
{
    enum { COUNT_ALL = 6, TURNS = 2, SLOW_MS = 200 };
    struct server server = server_start("--classroom --turns 2");
    struct client *clients[COUNT_ALL];
    for (int i = 0; i < COUNT_ALL; i++)
        clients[i] = subscribe(&server, "", "");
    command(&server, "/slow?ms=200");
    double start = seconds_now();
    int waves = 0;
    json_t *json = look_into_wave(&server, "turn", &waves);
    cr_expect_eq(json_integer_value(json_object_get(json, "slow_ms")), SLOW_MS);
    json_decref(json);
    for (int i = 0; i < COUNT_ALL; i++)
        for (int wave = 0; wave < waves; wave++)
            next_message(clients[i]);
    cr_expect_geq(seconds_now() - start,
                  waves * COUNT_ALL / TURNS * SLOW_MS / 1000.0 - 0.01);
    for (int i = 0; i < COUNT_ALL; i++)
        client_close(clients[i]);
    server_stop(&server);
}

/* Whether all are seen off before the rest is cut, of which one still gets its
 * answer then. */
static bool end_amid_a_wave(void)
{
    struct server server = server_start("--classroom --turns 1");
    struct client *viewer = watch(&server, "/threads");
    json_decref(next_state(viewer));
    struct client *a = subscribe(&server, "", "");
    struct client *b = subscribe(&server, "", "");
    struct client *stuck = send_half(&server);
    struct event event;
    int count = 0;
    command(&server, "/slow?ms=5000");
    json_decref(look_into_wave(&server, "ready", &count));
    kill(server.pid, SIGINT);
    while (next_event(viewer, &event))
        ;
    bool heard = next_event(a, &event) && event.data != NULL &&
                 next_event(b, &event) && event.data != NULL;
    bool answered = send_rest(stuck).status != 0;
    server_wait(&server);
    client_close(stuck);
    client_close(a);
    client_close(b);
    client_close(viewer);
    return heard && answered;
}

/* Ctrl-C is instant while somebody watches and all is as slow as can be. */
Test(threads, shutdown_waits_for_no_slow_turn_and_no_viewer)
{
    for (double start = seconds_now(); !end_amid_a_wave();)
        wait_a_moment(start, "all to be seen off within 5 s");
}

/* A tmpfs over /proc, in a mount namespace of its own. */
Test(threads, where_proc_is_closed_the_server_knows_by_itself)
{
    static const char script[] =
        "unshare --user --map-root-user --mount sh -c '"
        "mount -t tmpfs none /proc || exit 77;"
        "${CRIER:-build/crier} --port 0 2> $TMPDIR/log & server=$!;"
        "until port=$(sed -n \"s/^server is running :://p\" $TMPDIR/log) &&"
        "    [ -n \"$port\" ]; do sleep 0.05; done;"
        "curl=\"curl -qsN --noproxy localhost\";"
        "$curl localhost:$port/subscribe >/dev/null & client=$!;"
        "until $curl localhost:$port/threads |"
        "    grep \"place\\\":\\\"idle\"; do sleep 0.05; done;"
        "kill $client $server; wait' || exit 77";
    const char *directory = own_tmpdir();
    struct run run = shell(script);
    expect_run(shell("rm -f $TMPDIR/log"), 0, "", "");
    rmdir(directory);
    if (run.status == 77)
        cr_skip_test("this machine allows no user namespaces");
    json_t *json = parse_json(run.out);
    json_t *row = find(json, "subscriber", "idle", "pthread_cond_wait");
    cr_assert_not_null(row, "%s", run.out);
    cr_expect_str_eq(text_of(row, "source"), "record");
    cr_expect_str_eq(text_of(row, "system_call"), "");
    cr_expect_not_null(find(json, "accept", "", "accept4"));
    json_decref(json);
    free(run.out);
    free(run.err);
}
