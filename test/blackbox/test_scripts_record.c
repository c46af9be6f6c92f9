/* scripts/record: what was recorded plays as it was. */
#include "shell.h"
#include "tree.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(scripts_record, .timeout = TEST_SECONDS);

static struct server serve(const struct tree *tree, const char *script)
{
    tree_write_text(tree, "public/s.sse", script);
    setenv("TREE", tree->public, 1);
    return start_server(tree->options);
}

/* Our own stream: its events, byte for byte, and at least its pauses. */
Test(scripts_record, our_own_stream_plays_as_it_was)
{
    struct tree tree = tree_make();
    struct server server = serve(&tree, "");
    struct shell recorder = shell_start(
        "scripts/record $CRIER_URL/subscribe?limit=3 | tee $TREE/live.sse", "",
        0);
    struct shell reader = shell_start("scripts/subscribe -n 3", "", 0);
    wait_healthz(&server, "subscribers", 2);
    publish(&server, "one");
    publish(&server, "two");
    wait_for_output(&recorder, "\"two\"");
    double started = seconds_now();
    while (seconds_now() - started < 0.5)
        wait_a_moment(started, "the pause that is recorded");
    publish(&server, "세 번째: drop");

    struct run recorded = shell_end(&recorder), read = shell_end(&reader);
    cr_expect_eq(recorded.status, 0, "%s", recorded.err);
    cr_expect_not_null(strstr(recorded.out, ": wait "), "%s", recorded.out);
    cr_expect_null(strstr(recorded.out, ": drop\n"), "%s", recorded.out);
    started = seconds_now();
    struct run played = shell("curl -qsSfN $CRIER_URL/live.sse");
    cr_expect_geq(seconds_now() - started, 0.45);
    cr_expect_eq(played.status, 0, "%s", played.err);
    /* The empty line in front belongs to no event. */
    cr_expect_str_eq(played.out, read.out + 1);
    free(recorded.out), free(recorded.err);
    free(read.out), free(read.err);
    free(played.out), free(played.err);
    server_stop(&server);
    tree_remove(&tree);
}

/* Comments that look like commands, CR LF, half an event, a broken line. A
 * recorder that comes late to the first bytes sees less of the pause. */
Test(scripts_record, any_stream_plays_as_it_was)
{
    static const char script[] = ":  drop\n: a comment\n:wait 3s\n\n"
                                 "data: a\r\ndata: b\r\n: wait 2s\nid: 1\n\n"
                                 ": ping 3pm\n\ndata: half\n: drop\n";
    struct tree tree = tree_make();
    struct server server = serve(&tree, script);
    expect_run(shell("scripts/record $CRIER_URL/s.sse 2>/dev/null >$TREE/r.sse;"
                     "awk '/^: wait/ { ms += $3 } END { print (ms >= 500) }' "
                     "$TREE/r.sse"),
               0, "1\n", "");
    expect_run(shell("curl -qsN $CRIER_URL/s.sse?speed=10 >$TREE/1; echo $?;"
                     "curl -qsN $CRIER_URL/r.sse?speed=10 >$TREE/2; echo $?;"
                     "cmp $TREE/1 $TREE/2"),
               0, "18\n18\n", "");
    server_stop(&server);
    tree_remove(&tree);
}

/* crier would not send such a comment: another server does. */
Test(scripts_record, a_comment_of_another_server_becomes_no_command)
{
    struct tree tree = tree_make();
    struct server server = serve(&tree, "");
    tree_write_text(&tree, "public/other.txt",
                    ": drop\n: sleep 2s\n: waits\n: dropped\n\ndata: a\n\n");
    expect_run(shell("scripts/record $CRIER_URL/other.txt"), 0,
               ":  drop\n:  sleep 2s\n: waits\n: dropped\n\ndata: a\n\n", "");
    server_stop(&server);
    tree_remove(&tree);
}

Test(scripts_record, a_reset_is_recorded)
{
    struct tree tree = tree_make();
    struct server server = serve(&tree, "data: a\n\n: wait 300ms\n: reset\n");
    expect_run(shell("scripts/record $CRIER_URL/s.sse | tail -n 1"), 0,
               ": reset\n", "reset");
    server_stop(&server);
    tree_remove(&tree);
}

/* An event that its end cuts in two was none. */
Test(scripts_record, it_ends_after_a_time_and_posts_what_curl_is_told)
{
    struct tree tree = tree_make();
    struct server server = serve(&tree, "data: a\n\ndata: half\n: stall\n");
    expect_run(shell("scripts/record -t 1 $CRIER_URL/s.sse -d 'the body'"), 0,
               "data: a\n\n", "");
    free(server_log_line(&server, "body, 8 bytes: the body"));
    server_stop(&server);
    tree_remove(&tree);
}

Test(scripts_record, it_tells_what_is_wrong)
{
    struct tree tree = tree_make();
    struct server server = serve(&tree, "");
    expect_run(shell("scripts/record $CRIER_URL/none.sse"), 22, "", "404");
    expect_run(shell("scripts/record"), 2, "", "a URL is missing");
    expect_run(shell("scripts/record -t x $CRIER_URL"), 2, "", "-t needs");
    expect_run(shell("scripts/record -x"), 2, "", "there is no option -x");
    expect_run(shell("scripts/record -h"), 0, "usage: scripts/record", "");
    server_stop(&server);
    tree_remove(&tree);
}
