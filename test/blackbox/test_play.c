/* Scripted streams: what a file *.sse sends, how it ends, where it goes on. */
#include "exchange.h"
#include "tree.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

TestSuite(play, .timeout = TEST_SECONDS);

/* A server, and its public directory with one script, s.sse. */
struct stage {
    struct tree tree;
    struct server server;
};

static struct stage stage_open(const char *script)
{
    struct stage stage = {.tree = tree_make()};
    tree_write_text(&stage.tree, "public/s.sse", script);
    stage.server = server_start(stage.tree.options);
    return stage;
}

static void stage_close(struct stage *stage)
{
    server_stop(&stage->server);
    tree_remove(&stage->tree);
}

static struct client *ask(const struct stage *stage, const char *request)
{
    struct client *client = client_connect(&stage->server);
    client_send(client, request);
    return client;
}

#define GET(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"
#define GET_AFTER(target, id)                                                  \
    "GET " target " HTTP/1.1\r\n" HOST "Last-Event-ID: " id "\r\n\r\n"

/* Expects a whole body; `complete` says how a stream must end. */
static void expect_body(const struct stage *stage, const char *request,
                        int status, const char *body, bool complete)
{
    struct client *client = ask(stage, request);
    struct response response = client_read(client);
    cr_expect_eq(response.status, status, "%s: %d", request, response.status);
    cr_expect_str_eq(response.body, body, "%s", request);
    cr_expect(client->complete == complete, "%s", request);
    cr_expect(!client->was_reset, "%s", request);
    client_close(client);
}

/* ---- what is sent ----------------------------------------------------- */

Test(play, events_are_sent_as_they_stand_and_commands_are_not)
{
    struct stage stage = stage_open(": hello\n\n"
                                    "retry: 5\nid: 1\ndata: a\n\n\n"
                                    ": wait 1ms\n"
                                    "event: x\r\ndata: b\r\nnonsense\r\n\r\n"
                                    ": jitter 1ms\n: wait 1ms\n"
                                    "data: never ended");
    static const char body[] = ": hello\n\n"
                               "retry: 5\nid: 1\ndata: a\n\n"
                               "event: x\r\ndata: b\r\nnonsense\r\n\r\n"
                               "data: never ended\n\n";
    expect_body(&stage, GET("/s.sse"), 200, body, true);
    expect_body(&stage, "GET /s.sse HTTP/1.0\r\n\r\n", 200, body, false);
    expect_body(&stage, GET("/s.sse/v1/chat?a"), 200, body, true);
    stage_close(&stage);
}

Test(play, the_head_is_that_of_a_stream_and_leaves_at_once)
{
    static const char *const expected[][2] = {
        {"Content-Type", "text/event-stream; charset=utf-8"},
        {"Cache-Control", "no-store, no-transform"},
        {"X-Accel-Buffering", "no"},
        {"Connection", NULL},
        {"Transfer-Encoding", "chunked"},
    };
    struct stage stage = stage_open(": stall\n");
    struct client *client = ask(&stage, GET("/s.sse"));
    struct response response = client_read_head(client);
    cr_expect_eq(response.status, 200);
    for (size_t i = 0; i < COUNT(expected); i++) {
        const char *value = response_field(&response, expected[i][0]);
        cr_expect(expected[i][1] == NULL
                      ? value == NULL
                      : value != NULL && strcmp(value, expected[i][1]) == 0,
                  "%s: %s", expected[i][0], value);
    }
    client_close(client);
    client = ask(&stage, "HEAD /s.sse HTTP/1.1\r\n" HOST "\r\n");
    cr_expect_eq(client_read_head(client).status, 200);
    cr_expect(client_closed(client));
    client_close(client);
    stage_close(&stage);
}

/* Reads the chunks' framing as it comes. */
Test(play, an_event_is_one_chunk_and_a_split_one_a_chunk_for_each_byte)
{
    struct stage stage = stage_open("data: one\n\n: split\ndata: é\n\n"
                                    "data: two\n\n");
    static const char framed[] =
        "b\r\ndata: one\n\n\r\n"
        "1\r\nd\r\n1\r\na\r\n1\r\nt\r\n1\r\na\r\n1\r\n:\r\n1\r\n \r\n"
        "1\r\n\xc3\r\n1\r\n\xa9\r\n1\r\n\n\r\n1\r\n\n\r\n"
        "b\r\ndata: two\n\n\r\n0\r\n\r\n";
    struct client *client = ask(&stage, GET("/s.sse"));
    size_t size = client_find(client, "\r\n\r\n"), length = strlen(framed);
    client_read_bytes(client, size);
    cr_expect_eq(memcmp(client_read_bytes(client, length), framed, length), 0);
    cr_expect(client_closed(client));
    client_close(client);
    stage_close(&stage);
}

Test(play, words_come_one_by_one)
{
    struct stage stage =
        stage_open("id: 1\nevent: say\ndata: 안녕 big world\n\n"
                   "data: {\"a b\": 1}\n\ndata: [DONE]\n\n");
    expect_body(&stage, GET("/s.sse?words=1ms"), 200,
                "event: say\ndata: 안녕\n\n"
                "event: say\ndata:  big\n\n"
                "id: 1\nevent: say\ndata:  world\n\n"
                "data: {\"a b\": 1}\n\ndata: [DONE]\n\n",
                true);
    stage_close(&stage);
}

/* ---- time ------------------------------------------------------------- */

Test(play, a_wait_lasts_as_long_as_it_says)
{
    struct stage stage = stage_open(": wait 400ms\ndata: a\n: wait 200ms\n\n");
    double started = seconds_now();
    expect_body(&stage, GET("/s.sse"), 200, "data: a\n\n", true);
    cr_expect_geq(seconds_now() - started, 0.6);
    stage_close(&stage);
}

/* An hour at the speed 1000 takes 3.6 s; a stall keeps its time. */
Test(play, speed_shortens_waits_but_no_stall)
{
    struct stage stage = stage_open(": wait 60m\n: stall 300ms\ndata: a\n\n");
    double started = seconds_now();
    expect_body(&stage, GET("/s.sse?speed=1000"), 200, "data: a\n\n", true);
    cr_expect_geq(seconds_now() - started, 3.9);
    stage_close(&stage);
}

Test(play, a_loop_begins_again_but_takes_no_core)
{
    struct stage stage = stage_open("data: a\n\ndata: b\n: loop\n");
    struct client *client = ask(&stage, GET("/s.sse"));
    double started = seconds_now();
    client_read_head(client);
    for (int i = 0; i < 50; i++)
        cr_assert_str_eq(client_read_bytes(client, 18),
                         "data: a\n\ndata: b\n\n");
    cr_expect_geq(seconds_now() - started, 0.48);
    client_close(client);
    stage_close(&stage);
}

/* ---- ends ------------------------------------------------------------- */

Test(play, a_drop_closes_in_the_middle)
{
    struct stage stage = stage_open("data: a\n\ndata: b\n: drop\n");
    expect_body(&stage, GET("/s.sse"), 200, "data: a\n\ndata: b\n", false);
    stage_close(&stage);
}

Test(play, a_reset_is_a_reset)
{
    struct stage stage = stage_open("data: a\n\n: wait 200ms\n: reset\n");
    struct client *client = ask(&stage, GET("/s.sse"));
    client_read_head(client);
    cr_expect_str_eq(client_read_bytes(client, 9), "data: a\n\n");
    cr_expect(client_closed(client));
    cr_expect(client->was_reset);
    client_close(client);
    stage_close(&stage);
}

Test(play, last_event_id_goes_on_behind_it)
{
    struct stage stage = stage_open("id: 1\ndata: a\n\n: drop\n"
                                    "id: 2\ndata: b\n\n: wait 1ms\n: drop\n"
                                    "id: 3\ndata: c\n\n: wait 1ms\n");
    expect_body(&stage, GET("/s.sse"), 200, "id: 1\ndata: a\n\n", false);
    expect_body(&stage, GET_AFTER("/s.sse", "1"), 200, "id: 2\ndata: b\n\n",
                false);
    expect_body(&stage, GET("/s.sse?lastEventId=2"), 200, "id: 3\ndata: c\n\n",
                true);
    expect_body(&stage, GET_AFTER("/s.sse?lastEventId=1", "2"), 200,
                "id: 3\ndata: c\n\n", true);
    expect_body(&stage, GET_AFTER("/s.sse", "3"), 204, "", false);
    expect_body(&stage, GET_AFTER("/s.sse", "4"), 200, "id: 1\ndata: a\n\n",
                false);
    stage_close(&stage);
}

Test(play, a_status_is_an_answer_and_the_connection_goes_on)
{
    static const struct exchange statuses[] = {
        {"with JSON", 429, GET("/json.sse"), GOES_ON, "{\"error\":\"slow\"}"},
        {"its type", 429, GET("/json.sse"), GOES_ON,
         "Content-Type: application/json"},
        {"with nothing", 503, GET("/s.sse"), GOES_ON, "Service Unavailable\n"},
        {"with an unknown number", 599, GET("/599.sse"), GOES_ON, "Error\n"},
        {"204", 204, GET("/204.sse"), GOES_ON, NULL},
        {"HEAD", 503, "HEAD /s.sse HTTP/1.1\r\n" HOST "\r\n", GOES_ON, NULL},
        {"after a drop", 503, GET_AFTER("/drop.sse", "1"), GOES_ON, "no"},
    };
    struct stage stage =
        stage_open(": too many\n\n: status 503\ndata: a\n\n: stall\n");
    tree_write_text(&stage.tree, "public/json.sse",
                    ": status 429 {\"error\":\"slow\"}");
    tree_write_text(&stage.tree, "public/599.sse", ": status 599");
    tree_write_text(&stage.tree, "public/204.sse", ": status 204 gone\n");
    tree_write_text(&stage.tree, "public/drop.sse",
                    "id: 1\ndata: a\n\n: drop\n: status 503 no\n");
    check_exchanges(&stage.server, statuses, COUNT(statuses));
    stage_close(&stage);
}

/* ---- mistakes --------------------------------------------------------- */

Test(play, a_mistake_names_file_line_and_reason)
{
    static const struct exchange mistakes[] = {
        {"no time", 400, GET("/s.sse"), GOES_ON,
         "s.sse:3: this command needs a time of at most an hour, such as "
         "300ms or 2s\n"},
        {"in a folder", 400, GET("/sub/t.sse"), GOES_ON,
         "sub/t.sse:2: nothing may stand behind 'loop'\n"},
        {"too large", 400, GET("/large.sse"), GOES_ON,
         "a script has at most 8 MiB\n"},
        {"speed 0", 400, GET("/good.sse?speed=0"), GOES_ON,
         "speed must be a number from 0.001 to 1000\n"},
        {"speed nan", 400, GET("/good.sse?speed=nan"), GOES_ON, NULL},
        {"speed x", 400, GET("/good.sse?speed=4x"), GOES_ON, NULL},
        {"speed 1001", 400, GET("/good.sse?speed=1001"), GOES_ON, NULL},
        {"words", 400, GET("/good.sse?words=40"), GOES_ON,
         "words must be a time such as 40ms\n"},
        {"missing", 404, GET("/missing.sse"), GOES_ON, NULL},
        {"a directory", 404, GET("/dir.sse"), GOES_ON, NULL},
        {"hidden", 404, GET("/.sse"), GOES_ON, NULL},
        {"DELETE", 405, "DELETE /good.sse HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
         "Allow: GET, HEAD, POST, OPTIONS"},
        {"DELETE of nothing", 404,
         "DELETE /missing.sse HTTP/1.1\r\n" HOST "\r\n", GOES_ON, NULL},
        {"a page of elsewhere posts", 403,
         "POST /good.sse HTTP/1.1\r\n" HOST
         "Origin: http://a.example\r\nContent-Length: 0\r\n\r\n",
         GOES_ON, NULL},
        {"a foreign name", 403,
         "GET /good.sse HTTP/1.1\r\nHost: a.example\r\nReferer: "
         "http://a.example/\r\n\r\n",
         GOES_ON, NULL},
        {"an ending that is none", 200, GET("/a.ssex"), GOES_ON, "plain"},
        {"post to a file", 405,
         "POST /a.ssex HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", GOES_ON,
         NULL},
    };
    struct stage stage = stage_open("data: a\n\n: wait 300\n");
    static char large[8 * 1024 * 1024 + 1];
    memset(large, '\n', sizeof(large));
    tree_write(&stage.tree, "public/large.sse", large, sizeof(large));
    tree_write_text(&stage.tree, "public/good.sse", "data: a\n\n");
    tree_write_text(&stage.tree, "public/a.ssex", "plain");
    tree_mkdir(&stage.tree, "public/sub");
    tree_write_text(&stage.tree, "public/sub/t.sse", ": loop\n: wait 1s\n");
    tree_mkdir(&stage.tree, "public/dir.sse");
    tree_write_text(&stage.tree, "public/dir.sse/index.html", "index");
    check_exchanges(&stage.server, mistakes, COUNT(mistakes));
    stage_close(&stage);
}

Test(play, a_post_plays_and_its_body_is_logged)
{
    struct stage stage = stage_open("data: a\n\n");
    static const char post[] =
        "POST /s.sse/chat/completions HTTP/1.1\r\n" HOST
        "Content-Length: 20\r\n\r\n{\"model\":\"x\ny\\z\x01\"}  ";
    expect_body(&stage, post, 200, "data: a\n\n", true);
    free(server_log_line(&stage.server,
                         "body, 20 bytes: {\"model\":\"x\\x0ay\\\\z\\x01\"}"));
    free(server_log_line(&stage.server, "POST /s.sse/chat/completions 200"));
    stage_close(&stage);
}

Test(play, the_log_counts_the_event_that_the_end_completes)
{
    struct stage stage = stage_open("data: a\n\ndata: b");
    expect_body(&stage, GET("/s.sse"), 200, "data: a\n\ndata: b\n\n", true);
    free(server_log_line(&stage.server, "player goes after|2 events"));
    tree_write_text(&stage.tree, "public/s.sse", "data: a\n\n: the end\n");
    expect_body(&stage, GET("/s.sse"), 200, "data: a\n\n: the end\n\n", true);
    free(server_log_line(&stage.server, "player goes after|1 events"));
    stage_close(&stage);
}

/* ---- clients that go, and a server that stops -------------------------- */

Test(play, a_client_that_goes_during_a_stall_is_noticed)
{
    struct stage stage = stage_open("data: a\n\n: stall\n");
    struct client *client = ask(&stage, GET("/s.sse"));
    client_find(client, "data: a");
    client_close(client);
    free(server_log_line(&stage.server, "player goes after|1 events"));
    client = ask(&stage, GET("/s.sse"));
    client_find(client, "data: a");
    client_reset(client);
    stage_close(&stage);
}

/* As `nc -N`: it gets the rest, and by a comment the server found out. */
Test(play, a_client_that_has_finished_sending_stays)
{
    struct stage stage = stage_open("data: a\n\n: wait 100ms\n: loop\n");
    struct client *client = ask(&stage, GET("/s.sse"));
    client_read_head(client);
    client_shut_write(client);
    client_read_bytes(client, client_find(client, "\n:\n"));
    for (int i = 0; i < 10; i++)
        cr_assert_str_eq(client_read_bytes(client, 9), "data: a\n\n");
    client_close(client);
    free(server_log_line(&stage.server, "player goes after"));
    stage_close(&stage);
}

/* A client comes back later if it has only whole events; one that has half an
 * event must see a broken line. */
Test(play, the_servers_end_ends_a_stall)
{
    struct stage stage = stage_open("data: a\n\n: stall\n");
    tree_write_text(&stage.tree, "public/half.sse", "data: a\n: stall\n");
    struct client *whole = ask(&stage, GET("/s.sse"));
    struct client *half = ask(&stage, GET("/half.sse"));
    struct client *shut = ask(&stage, GET("/s.sse"));
    client_read_head(whole);
    client_read_head(half);
    client_read_head(shut);
    client_shut_write(shut);
    cr_expect_str_eq(client_read_bytes(whole, 9), "data: a\n\n");
    cr_expect_str_eq(client_read_bytes(half, 8), "data: a\n");
    cr_expect_str_eq(client_read_bytes(shut, 11), "data: a\n\n:\n");
    stage_close(&stage);
    cr_expect_neq(client_find(whole, "retry: "), 0);
    cr_expect_neq(client_find(shut, "retry: "), 0);
    cr_expect(client_closed(half));
    cr_expect(!half->complete);
    client_close(whole);
    client_close(half);
    client_close(shut);
}

/* Nothing may follow half a line, not even a time to come back. */
Test(play, the_servers_end_breaks_an_event_that_is_split)
{
    static char script[60000] = ": split\ndata: ";
    memset(script + strlen(script), 'x', sizeof(script) - 20);
    struct stage stage = stage_open(script);
    struct client *client = ask(&stage, GET("/s.sse"));
    client_read_head(client);
    client_read_bytes(client, 10);
    stage_close(&stage);
    cr_expect_eq(client_find(client, "\n"), 0);
    cr_expect(!client->complete);
    client_close(client);
}
