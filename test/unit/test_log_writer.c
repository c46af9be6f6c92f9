/* log_writer: numbered lines, of which none may be missing without a note in
 * its place. */
#include "unit.h"

#include "base/log.h"
#include "base/log_writer.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

TestSuite(log_writer, .timeout = 120);

/* A line has 100 bytes. */
static void write_numbers(int from, int to)
{
    for (int i = from; i < to; i++)
        log_say("%08d%87s.end", i, "");
}

/* What has been read of the log. */
struct reader {
    FILE *file;
    int next;    /* the number that is due */
    int dropped; /* as the notes say */
    int torn;    /* lines that are not whole */
};

static void read_line(struct reader *r)
{
    char line[2 * LOG_LINE];
    const char *note;

    cr_assert_not_null(fgets(line, sizeof line, r->file));
    note = strstr(line, "] error: ");
    if (note) {
        cr_expect_eq(strspn(line, "0123456789:."), 12, "%s", line);
        cr_expect_not_null(strstr(note, " lines dropped: standard error"));
        r->dropped += atoi(note + strlen("] error: "));
        r->next += atoi(note + strlen("] error: "));
    } else if (strlen(line) == 100) {
        cr_assert_eq(atoi(line), r->next, "%d, not %s", r->next, line);
        r->next++;
    } else {
        r->torn++;
    }
}

/* Standard error becomes a pipe, which a reader reads. */
static struct reader start_on_pipe(void)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    return (struct reader){.file = fdopen(ends[0], "r")};
}

Test(log_writer, lines_stay_in_order)
{
    struct reader r = start_on_pipe();

    write_numbers(0, 5);
    cr_assert_eq(log_writer_start(), 0);
    write_numbers(5, 300);
    while (r.next < 300)
        read_line(&r);
    cr_expect_eq(r.dropped, 0);
    fclose(r.file);
}

/* More than a pipe and both pages hold. */
enum { TOO_MANY = 3 * LIMIT_LOG_PAGE / 100 };

Test(log_writer, what_a_full_pipe_costs_is_told_in_its_place)
{
    struct reader r = start_on_pipe();

    cr_assert_eq(log_writer_start(), 0);
    for (int i = 1; i <= 3; i++) {
        write_numbers((i - 1) * TOO_MANY, i * TOO_MANY);
        while (r.next < i * TOO_MANY)
            read_line(&r);
        cr_expect_gt(r.dropped, 0);
        r.dropped = 0;
    }
    cr_expect_eq(r.next, 3 * TOO_MANY);
    cr_expect_eq(r.torn, 0);
    fclose(r.file);
}

/* Another process that has the same open file may have made it so. */
Test(log_writer, nothing_is_lost_on_a_pipe_that_does_not_block)
{
    struct reader r = start_on_pipe();

    fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
    cr_assert_eq(log_writer_start(), 0);
    write_numbers(0, 3000);
    while (r.next < 3000)
        read_line(&r);
    cr_expect_eq(r.dropped, 0);
    cr_expect_eq(r.torn, 0);
    fclose(r.file);
}

static void limit_files(rlim_t size)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* The lines fit in part into the file; the last of them is torn. */
Test(log_writer, what_a_full_file_costs_is_told_when_it_has_room)
{
    const struct timespec moment = {.tv_nsec = 1000000L};
    FILE *file = tmpfile();
    struct reader r = {.file = NULL};
    char path[64];
    int number = 10;

    dup2(fileno(file), STDERR_FILENO);
    fcntl(STDERR_FILENO, F_SETFL, O_APPEND);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(550);
    cr_assert_eq(log_writer_start(), 0);
    write_numbers(0, number);
    while (lseek(fileno(file), 0, SEEK_END) < 550)
        nanosleep(&moment, NULL);
    limit_files(RLIM_INFINITY);
    while (lseek(fileno(file), 0, SEEK_END) < 1000) {
        write_numbers(number, number + 1);
        number++;
        nanosleep(&moment, NULL);
    }
    /* Opened anew: the writer, which goes on, moves the offset of `file`. */
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    r.file = fopen(path, "r");
    while (r.next < 10)
        read_line(&r);
    cr_expect_geq(r.dropped, 5);
    cr_expect_eq(r.torn, 1);
    fclose(r.file);
}
