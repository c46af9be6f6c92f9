/* scripts/threads, against the real server and against a /proc that tells
 * less. */
#include "shell.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(scripts_threads, .timeout = TEST_SECONDS);

/* Fails unless a line of the output has all the words, in this order. */
static void expect_line(const struct run *run, const char *words)
{
    char *copy = strdup(run->out), *rest = copy, *line;
    bool found = false;
    while (!found && (line = strsep(&rest, "\n")) != NULL) {
        char *all = strdup(words), *left = all, *word;
        const char *at = line;
        while (at != NULL && (word = strsep(&left, "|")) != NULL) {
            at = strstr(at, word);
            at = at == NULL ? NULL : at + strlen(word);
        }
        found = at != NULL;
        free(all);
    }
    cr_expect(found, "no line with %s in\n%s%s", words, run->out, run->err);
    free(copy);
}

Test(scripts_threads, each_thread_is_told_and_many_are_one_line)
{
    enum { MANY = 12 };
    struct server server = start_server("");
    struct client *clients[MANY];
    for (int i = 0; i < MANY; i++)
        clients[i] = subscribe(&server, "", "");
    wait_healthz(&server, "subscribers", MANY);

    char by_pid[64], by_port[64];
    snprintf(by_pid, sizeof(by_pid), "scripts/threads --once %d", server.pid);
    snprintf(by_port, sizeof(by_port), "scripts/threads -1 %d", server.port);
    const char *const commands[] = {by_pid, by_port, "scripts/threads -1"};
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        /* Anew each time: a silent connection is closed after 15 s. */
        struct client *silent = client_connect(&server);
        struct run run = shell(commands[i]);
        cr_expect_eq(run.status, 0);
        cr_expect_str_empty(run.err);
        expect_line(&run, "crier |threads");
        expect_line(&run, "accept |accept4 |S|waits for the next client");
        expect_line(&run, "departures |epoll_|clients that hang up");
        expect_line(&run, "signals |rt_sigtimedwait |Ctrl-C");
        expect_line(&run, "client |recvfrom |what its client sends");
        expect_line(&run, "12 x|subscriber |pthread_cond_wait |to be woken");
        free(run.out);
        free(run.err);
        client_close(silent);
    }
    for (int i = 0; i < MANY; i++)
        client_close(clients[i]);
    server_stop(&server);
}

Test(scripts_threads, it_goes_on_until_the_server_ends)
{
    struct server server = start_server("");
    struct shell watching = shell_start("scripts/threads -i 0.1", "", 0);
    wait_for_output(&watching, "waits for Ctrl-C");
    server_stop(&server);
    expect_run(shell_end(&watching), 0, "The server has ended.", "");
}

Test(scripts_threads, where_system_calls_are_closed_names_have_to_do)
{
    const char *directory = own_tmpdir();
    expect_run(
        shell("mkdir -p $TMPDIR/7/task/7 $TMPDIR/7/task/8 && cd $TMPDIR/7 &&"
              "echo crier > comm && echo '7 (crier) S 1' > task/7/stat &&"
              "echo '8 (subscriber) S 1' > task/8/stat"),
        0, "", "");
    struct run run = shell("scripts/threads -1 -p $TMPDIR 7");
    cr_expect_eq(run.status, 0);
    expect_line(&run, "crier 7: 2 threads");
    expect_line(&run, "may not be read");
    expect_line(&run, "7 |accept |accept4 |- ");
    expect_line(&run, "8 |subscriber |pthread_cond_wait ");
    free(run.out);
    free(run.err);
    expect_run(shell("scripts/threads -1 -p $TMPDIR 9"), 1, "",
               "no crier has the process id or the port 9");
    expect_run(shell("rm -r $TMPDIR/7"), 0, "", "");
    rmdir(directory);
}
