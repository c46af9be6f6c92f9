/* scripts/faults: each does what it says, and leaves nothing behind. */
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(scripts_faults, .timeout = TEST_SECONDS);

Test(scripts_faults, usage_and_wrong_usage)
{
    static const char *const names[] = {"stall", "vanish", "half-close",
                                        "flood", "publish-loop"};
    no_server();
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char command[64], text[64];
        snprintf(command, sizeof(command), "scripts/faults/%s -h", names[i]);
        snprintf(text, sizeof(text), "usage: scripts/faults/%s ", names[i]);
        expect_run(shell(command), 0, text, "");
        snprintf(text, sizeof(text), "%s: ", names[i]);
        static const char *const wrong[] = {"-x", "-t 0", "-u", "what"};
        for (size_t j = 0; j < sizeof(wrong) / sizeof(*wrong); j++) {
            snprintf(command, sizeof(command), "scripts/faults/%s %s", names[i],
                     wrong[j]);
            expect_run(shell(command), 2, "", text);
        }
        if (strcmp(names[i], "vanish") != 0) { /* it brings its own */
            snprintf(command, sizeof(command), "scripts/faults/%s", names[i]);
            expect_run(shell(command), 1, "", "is the server running?");
        }
    }
    expect_run(shell("scripts/faults/stall -n 3"), 2, "", "no option -n");
}

/* The number behind these words in the output; fails without them. */
static double number_after(const struct run *run, const char *words)
{
    const char *at = strstr(run->out, words);
    cr_assert_not_null(at, "'%s' is not in '%s' %s", words, run->out, run->err);
    return strtod(at + strlen(words), NULL);
}

/* Runs it against a server, and expects this line; everybody has left then. */
static void expect_fault(const char *command, const char *line)
{
    struct server server = start_server("");
    struct client *client = subscribe(&server, "", "");
    expect_run(shell(command), 0, line, "");
    wait_healthz(&server, "subscribers", 1);
    wait_healthz(&server, "clients", 2);
    client_close(client);
    server_stop(&server);
}

/* The same without a subscriber of the test's, which would not read as much as
 * the script writes; and behind `words` comes no less than this number. */
static void expect_number(const char *command, const char *line,
                          const char *words, double least)
{
    struct server server = start_server("");
    struct run run = shell(command);
    cr_expect_geq(number_after(&run, words), least);
    expect_run(run, 0, line, "");
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}

Test(scripts_faults, a_reader_that_stalls_is_given_up)
{
    expect_number("scripts/faults/stall -t 90", "\nstalled    ",
                  "\ngiven up   at most ", 9.9);
}

Test(scripts_faults, a_half_closed_client_still_gets_messages)
{
    expect_fault("scripts/faults/half-close -t 1", "\ndelivered  ");
}

Test(scripts_faults, a_flood_holds_up_nobody)
{
    expect_number("scripts/faults/flood -n 100 -t 1",
                  "\nflooded    100 connections; ",
                  "connections; the server counts ", 100);
}

Test(scripts_faults, a_publisher_in_a_loop)
{
    expect_fault("scripts/faults/publish-loop -t 1", "\npublished  ");
}

Test(scripts_faults, who_vanishes_is_noticed)
{
    struct run run = shell("unshare --user --map-root-user --net true");
    free(run.out);
    free(run.err);
    if (run.status != 0)
        cr_skip_test("this machine allows no user namespaces");
    /* Where tests run the server within another program, its name is last. */
    run = shell("CRIER=${CRIER##* } scripts/faults/vanish -t 90");
    cr_expect_geq(number_after(&run, "\nnoticed    after "), 9);
    expect_run(run, 0, "\nvanished   ", "");
}
