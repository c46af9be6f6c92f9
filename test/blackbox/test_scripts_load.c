/* scripts/load, against the real server, and what its load.awk counts. */
#include "shell.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(scripts_load, .timeout = TEST_SECONDS);

Test(scripts_load, load_counts)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("");
    struct client *other = subscribe(&server, "?limit=1", "");
    struct run run = shell("scripts/load -t 90 -s 120 -n 40 -c 3");
    cr_expect_neq(strstr(run.out, "deliveries/s"), NULL);
    expect_run(run, 0,
               "sent                 40 of 40 updates\n"
               "expected           4800 deliveries to 120 subscribers\n"
               "received           4800\n"
               "lost                  0\n"
               "duplicated            0\n"
               "out of order          0\n",
               "");
    cr_expect_eq(healthz(&server, "messages"), 41);
    client_close(other);
    cr_expect(rmdir(dir) == 0, "files are left behind");
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}

Test(scripts_load, load_keeps_its_connections)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("");
    expect_run(
        shell("curl -qs --noproxy '*' $CRIER_URL/metrics >$TMPDIR/before;"
              "scripts/load -t 90 -s 1 -n 60 -c 2 >$TMPDIR/report;"
              "curl -qs --noproxy '*' $CRIER_URL/metrics >$TMPDIR/after;"
              "awk '/^crier_connections_total/ {"
              "  if (n) print ($2 - n < 40); n = $2 }'"
              "  $TMPDIR/before $TMPDIR/after; rm $TMPDIR/*"),
        0, "1\n", "");
    rmdir(dir);
    server_stop(&server);
}

Test(scripts_load, load_does_not_count_what_others_publish)
{
    struct server server = start_server("");
    struct shell other =
        shell_start("while :; do scripts/update noise; done", "", 0);
    wait_for_output(&other, "noise");
    expect_run(shell("scripts/load -t 90 -s 10 -n 100 -c 2"), 0,
               "received           1000\n", "");
    kill(-other.pid, SIGKILL);
    struct run run = shell_end(&other);
    free(run.out);
    free(run.err);
    server_stop(&server);
}

Test(scripts_load, load_wants_all_its_subscribers)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("--max-clients 67");
    expect_run(shell("scripts/load -s 5 -n 5 -t 15"), 1, "",
               "load: only 3 of 5 subscribers got in\n");
    cr_expect(rmdir(dir) == 0, "files are left behind");
    server_stop(&server);
}

/* Starts it by this command, and sends SIGINT to it as soon as all are in. */
static void interrupt_load(const char *command)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("");
    struct shell loader = shell_start(command, "", 0);
    wait_healthz(&server, "subscribers", 150);
    kill(loader.pid, SIGINT);
    expect_run(shell_end(&loader), 130, "", "");
    cr_expect(rmdir(dir) == 0, "files are left behind");
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}

#define LOAD "exec scripts/load -t 90 -s 150 -n 50000 -c 1"

Test(scripts_load, load_leaves_nothing_behind_when_interrupted)
{
    interrupt_load(LOAD);
}

/* As a script starts what it runs in the background. */
Test(scripts_load, load_can_be_interrupted_where_its_launcher_cannot)
{
    interrupt_load("trap '' INT PIPE; " LOAD);
}

/* Before the real curl, one that has every subscriber leave after 10
 * messages. */
static const char early_leavers[] =
    "curl=$(command -v curl)\n"
    "cat >$TMPDIR/curl <<EOF\n"
    "#!/bin/sh\n"
    "for word; do\n"
    "    shift\n"
    "    case \\$word in\n"
    "    */subscribe#*) word=\\${word%%#*}?limit=10#\\${word#*#} ;;\n"
    "    esac\n"
    "    set -- \"\\$@\" \"\\$word\"\n"
    "done\n"
    "exec $curl \"\\$@\"\n"
    "EOF\n"
    "chmod +x $TMPDIR/curl\n"
    "PATH=$TMPDIR:$PATH scripts/load -s 3 -n 40 -c 2 -t 15\n"
    "status=$?\n"
    "rm $TMPDIR/curl\n"
    "exit $status\n";

Test(scripts_load, load_sees_a_loss)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("");
    expect_run(shell(early_leavers), 1,
               "sent                 40 of 40 updates\n"
               "expected            120 deliveries to 3 subscribers\n"
               "received             30\n"
               "lost                 90\n"
               "duplicated            0\n"
               "out of order          0\n",
               "load: only 0 subscribers got to the end in 15 s\n");
    cr_expect(rmdir(dir) == 0, "files are left behind");
    server_stop(&server);
}

Test(scripts_load, load_sees_a_server_that_dies)
{
    struct server server = start_server("");
    struct shell loader =
        shell_start("exec scripts/load -s 5 -n 100000 -c 2", "", 0);
    for (double start = seconds_now(); healthz(&server, "messages") < 100;)
        wait_a_moment(start, "the first messages");
    server_kill(&server);
    expect_run(shell_end(&loader), 1, "of 100000 updates\n", "curl: (");
}

/* ---- load.awk --------------------------------------------------------- */

/* The events are pairs of an id and what follows load- in the message. */
static void write_stream(const char *name, const char *events)
{
    FILE *file = create_file(name);
    char id[32], message[32];
    int length;
    fputc('\n', file);
    while (sscanf(events, "%31s %31s%n", id, message, &length) == 2) {
        fprintf(file,
                "retry: 1\nid: %s\n"
                "data: {\"text\":\"load-%s\",\"timestamp\":1}\n\n",
                id, message);
        events += length;
    }
    fclose(file);
}

/* What load.awk counts if two subscribers received this, after the updates
 * load-R-a-1, load-R-a-2 and load-R-b-3. */
static void expect_counts(const char *first, const char *second, int received,
                          int lost, int duplicated, int disordered)
{
    own_tmpdir();
    FILE *replies = create_file("replies.1");
    fputs("{\"text\":\"load-R-a-1\",\"timestamp\":1}\n"
          "{\"text\":\"load-R-a-2\",\"timestamp\":1}\n"
          "{\"text\":\"load-R-b-3\",\"timestamp\":1}\n",
          replies);
    fclose(replies);
    write_stream("stream.1", first);
    write_stream("stream.2", second);

    char report[512];
    snprintf(report, sizeof(report),
             "sent                  3 of 3 updates\n"
             "expected              6 deliveries to 2 subscribers\n"
             "received     %10d\n"
             "lost         %10d\n"
             "duplicated   %10d\n"
             "out of order %10d\n",
             received, lost, duplicated, disordered);
    bool good = lost + duplicated + disordered == 0;
    expect_run(shell("awk -v run=R -v updates=3 -v subscribers=2 -v start=1"
                     " -v end=2 -f scripts/load.awk $TMPDIR/replies.*"
                     " $TMPDIR/stream.*; status=$?; rm -r $TMPDIR;"
                     "exit $status"),
               good ? 0 : 1, report, "");
}

Test(scripts_load, load_tells_loss_duplicates_and_disorder_apart)
{
    static const char good[] = "9 R-a-1 9-1 R-b-3 10 R-a-2";

    expect_counts(good, good, 6, 0, 0, 0);
    /* Others' messages, and the end. */
    expect_counts("1 other 9 R-a-1 9-1 R-b-3 9-2 Q-a-2 "
                  "10 R-a-2 11 R-end",
                  good, 6, 0, 0, 0);
    /* 9-2 is before 9-10, and 9 before 10. */
    expect_counts("9-2 R-a-1 9-10 R-a-2 10 R-b-3",
                  "9-2 R-a-1 9-10 R-a-2 10 R-b-3", 6, 0, 0, 0);
    /* Lost: one; at one subscriber all. */
    expect_counts(good, "9 R-a-1 10 R-a-2", 5, 1, 0, 0);
    expect_counts(good, "", 3, 3, 0, 0);
    /* Cut off in the middle of a text, or never published like this. */
    expect_counts(good, "9 R-a-1 9-1 R-b-3 10 R-a-", 5, 1, 0, 0);
    expect_counts(good, "9 R-a-1 9-1 R-b-3 10 R-a-4", 5, 1, 0, 0);
    /* Duplicated, at once or later. */
    expect_counts("9 R-a-1 9 R-a-1 9-1 R-b-3 10 R-a-2 "
                  "9 R-a-1",
                  good, 8, 0, 2, 0);
    /* A duplicate makes up for no loss. */
    expect_counts("9 R-a-1 9-1 R-b-3 9-1 R-b-3", good, 6, 1, 1, 0);
    /* Ids that do not increase. */
    expect_counts(good, "9-1 R-b-3 9 R-a-1 10 R-a-2", 6, 0, 0, 1);
    expect_counts("9 R-a-1 9 R-b-3 10 R-a-2", "9 R-a-1 9 R-b-3 10 R-a-2", 6, 0,
                  0, 2);
    /* Each sees increasing ids, but not the same order. */
    expect_counts(good, "9 R-b-3 9-1 R-a-1 10 R-a-2", 6, 0, 0, 2);
    /* The same order, but not the one in which a has published. */
    expect_counts("9 R-a-2 9-1 R-b-3 10 R-a-1", "9 R-a-2 9-1 R-b-3 10 R-a-1", 6,
                  0, 0, 2);
}
