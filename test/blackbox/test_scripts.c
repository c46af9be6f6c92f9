/* All the scripts: usage, wrong usage, no server. */
#include "shell.h"

#include <stdio.h>
#include <string.h>

TestSuite(scripts, .timeout = TEST_SECONDS);

static const char *const names[] = {"subscribe",    "update",  "load", "herd",
                                    "install-deps", "threads", "https"};

Test(scripts, h_prints_the_usage)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char command[64], usage[64];
        snprintf(command, sizeof(command), "scripts/%s -h", names[i]);
        snprintf(usage, sizeof(usage), "usage: scripts/%s ", names[i]);
        expect_run(shell(command), 0, usage, "");
    }
}

Test(scripts, wrong_usage_is_told_with_status_2)
{
    char wrong[] = "subscribe -x|subscribe -n|subscribe -n 0|subscribe -n x|"
                   "subscribe what|update -x|update -u|load -x|load -s 0|"
                   "load -n 1e3|load -c -1|load -t ''|load 100|herd -x|"
                   "herd -s 0|herd -r 1e3|herd 100|install-deps|"
                   "install-deps -x run|install-deps everything|threads x|"
                   "threads -x|threads 1 2|threads -i x|threads 0|"
                   "https -x|https -n|https -n 'a b'|https a|https 70000|"
                   "https -p 0|https 1 2";
    char *rest = wrong, *script;
    while ((script = strsep(&rest, "|")) != NULL) {
        char command[64], complaint[64];
        snprintf(command, sizeof(command), "scripts/%s", script);
        snprintf(complaint, sizeof(complaint),
                 "%.*s: ", (int)strcspn(script, " "), script);
        expect_run(shell(command), 2, "", complaint);
    }
}

Test(scripts, no_server_is_told)
{
    no_server();
    expect_run(shell("scripts/update hello"), 1, "", "is the server running?");
    expect_run(shell("scripts/load"), 1, "", "is the server running?");
    expect_run(shell("scripts/subscribe"), 7, "", "is the server running?");
}
