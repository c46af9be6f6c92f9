/* scripts/herd, which starts servers of its own. */
#include "shell.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(scripts_herd, .timeout = TEST_SECONDS);

/* Where tests run the server within another program, its name comes last. */
#define HERD "CRIER=${CRIER##* } scripts/herd "

/* How often this word begins a line of the output. */
static int count_lines(const char *out, const char *word)
{
    int count = 0;
    for (const char *line = out; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        count += strncmp(line, word, strlen(word)) == 0;
    }
    return count;
}

Test(scripts_herd, herd_shows_both_ways_side_by_side)
{
    const char *dir = own_tmpdir();
    struct run run = shell(HERD "-s 20 -n 5 -r 50");
    cr_expect_eq(count_lines(run.out, "delivery, "), 2);
    cr_expect_eq(count_lines(run.out, "publish, "), 2);
    cr_expect_eq(count_lines(run.out, "voluntary switches "), 1);
    cr_expect_eq(count_lines(run.out, "involuntary switches "), 1);
    cr_expect_eq(count_lines(run.out, "processor time, ms "), 1);
    expect_run(run, 0,
               "20 subscribers, 5 messages, 50 a second\n"
               "\n"
               "                               in turns    --turns 0\n",
               "");
    cr_expect(rmdir(dir) == 0, "files are left behind");
}

Test(scripts_herd, herd_tells_what_it_lacks)
{
    const char *dir = own_tmpdir();
    expect_run(shell("CRIER=/missing scripts/herd"), 1, "",
               "herd: there is no /missing: make ");
    expect_run(shell("CRIER=/bin/false scripts/herd"), 1, "",
               "herd: /bin/false does not start: ");
    expect_run(shell("BENCH_LOAD=/bin/false " HERD), 1, "",
               "herd: the load failed: ");
    cr_expect(rmdir(dir) == 0, "files are left behind");
}
