/* scripts/threads, against the real server and against a /proc that tells
 * less. */
#include "shell.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(scripts_threads, .timeout = TEST_SECONDS);

/* Whether a line of the output has all the words, in this order. */
static bool has_line(const struct run *run, const char *words)
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
    free(copy);
    return found;
}

static void expect_line(const struct run *run, const char *words)
{
    cr_expect(has_line(run, words), "no line with %s in\n%s%s", words, run->out,
              run->err);
}

/* All of them wait; but any may still be on its way there. */
static bool all_wait(const struct run *run)
{
    return has_line(run, "accept |accept4 |S|waits for the next client") &&
           has_line(run, "departures |epoll_|clients that hang up") &&
           has_line(run, "signals |rt_sigtimedwait |Ctrl-C") &&
           has_line(run, "client |recvfrom |what its client sends") &&
           has_line(run, "12 x|subscriber |pthread_cond_wait |to be woken");
}

static void free_run(struct run *run)
{
    free(run->out);
    free(run->err);
}

/* Runs the command until it shows that they wait. */
static void expect_all_wait(const struct server *server, const char *command)
{
    bool found = false;
    for (double start = seconds_now(); !found; wait_a_moment(start, command)) {
        /* Anew each time: who says nothing is closed after a while. */
        struct client *silent = client_connect(server);
        struct run run = shell(command);
        cr_expect_eq(run.status, 0);
        cr_expect_str_empty(run.err);
        expect_line(&run, "crier |threads");
        found = all_wait(&run);
        free_run(&run);
        client_close(silent);
    }
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
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
        expect_all_wait(&server, commands[i]);
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
    free_run(&run);
    expect_run(shell("scripts/threads -1 -p $TMPDIR 9"), 1, "",
               "no crier has the process id or the port 9");
    expect_run(shell("rm -r $TMPDIR/7"), 0, "", "");
    rmdir(directory);
}
