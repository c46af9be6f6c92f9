/* What a launcher ignores or blocks does not reach what the tests start. */
#include "shell.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(signals, .timeout = TEST_SECONDS);

/* Expects that no mask with this name in /proc/PID/status has the signal. */
static void expect_free(const char *status, const char *name, int signal)
{
    const char *at = strstr(status, name);
    cr_assert_not_null(at, "%s", status);
    unsigned long long mask = strtoull(at + strlen(name), NULL, 16);
    cr_expect_eq(mask >> (signal - 1) & 1, 0, "%s: signal %d", status, signal);
}

static void ignore_and_block(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

Test(signals, a_shell_has_the_default_ones)
{
    ignore_and_block();
    struct run run = shell("exec grep ^Sig /proc/self/status");
    expect_free(run.out, "SigIgn:", SIGINT);
    expect_free(run.out, "SigIgn:", SIGPIPE);
    expect_free(run.out, "SigBlk:", SIGUSR1);
    free(run.out);
    free(run.err);
}

Test(signals, a_server_has_the_default_ones)
{
    ignore_and_block();
    struct server server = server_start("");
    char command[64];
    snprintf(command, sizeof(command), "grep ^Sig /proc/%d/status", server.pid);
    struct run run = shell(command);
    expect_free(run.out, "SigIgn:", SIGINT);
    expect_free(run.out, "SigBlk:", SIGUSR1);
    free(run.out);
    free(run.err);
    server_stop(&server);
}
