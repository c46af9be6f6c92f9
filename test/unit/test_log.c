/* log: lines that stay lines, whatever a client sent. */
#include "unit.h"

#include "base/log.h"

#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const struct {
    const char *bytes;
    size_t len;
    const char *escaped;
} escapes[] = {
    {BYTES(""), ""},
    {BYTES("/index.html?a=1&b=%20"), "/index.html?a=1&b=%20"},
    {BYTES(" ~"), " ~"},
    {BYTES("a\\b"), "a\\\\b"},
    {BYTES("\\x41"), "\\\\x41"},
    {BYTES("a\r\nb"), "a\\x0d\\x0ab"},
    {BYTES("\0\t\x1b[31m\x7f"), "\\x00\\x09\\x1b[31m\\x7f"},
    {BYTES("\x80\xff"), "\\x80\\xff"},
    {BYTES("한"), "\\xed\\x95\\x9c"},
};

Test(log, escape)
{
    for (size_t i = 0; i < COUNT(escapes); i++) {
        char *copy = copy_exactly(escapes[i].bytes, escapes[i].len);
        char out[LOG_TEXT];
        struct slice s = {copy, escapes[i].len};

        cr_expect_eq(log_escape(s, out), out);
        cr_expect_str_eq(out, escapes[i].escaped);
        free(copy);
    }
}

static const struct {
    char byte;
    size_t width; /* escaped */
} widths[] = {{'a', 1}, {'\\', 2}, {'\n', 4}};

Test(log, escape_cuts_what_is_too_long)
{
    for (size_t i = 0; i < COUNT(widths); i++)
        for (size_t len = 100; len < 600; len++) {
            char *copy = malloc(len), *out = malloc(LOG_TEXT);
            size_t whole = len * widths[i].width, got;

            memset(copy, widths[i].byte, len);
            got = strlen(log_escape((struct slice){copy, len}, out));
            cr_assert_lt(got, LOG_TEXT);
            if (got != whole)
                cr_assert_str_eq(out + got - 3, "...");
            cr_assert(got == whole || got > LOG_TEXT - 10, "%zu", got);
            free(copy);
            free(out);
        }
}

Test(log, escape_of_nothing)
{
    char out[LOG_TEXT];

    cr_expect_str_eq(log_escape((struct slice){NULL, 0}, out), "");
}

/* Standard error becomes a socket that keeps writes apart; its other end. */
static int take_stderr(void)
{
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
    dup2(fds[0], STDERR_FILENO);
    close(fds[0]);
    return fds[1];
}

/* What one write(2) wrote; "" if there was none. */
static const char *next_write(int fd)
{
    static char line[2 * LOG_LINE];
    ssize_t n = recv(fd, line, sizeof line - 1, MSG_DONTWAIT);

    line[n > 0 ? n : 0] = '\0';
    return line;
}

static void expect_match(const char *line, const char *pattern)
{
    regex_t regex;

    cr_assert_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    cr_expect(regexec(&regex, line, 0, NULL, 0) == 0, "%s", line);
    regfree(&regex);
}

#define PREFIX "^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{3} \\[[0-9]+\\] "

Test(log, lines)
{
    int fd = take_stderr();
    char end[64];

    log_say("server is running %s:%d", "::", 3000);
    cr_expect_str_eq(next_write(fd), "server is running :::3000\n");
    log_event("hello %d", 1);
    expect_match(next_write(fd), PREFIX "hello 1\n$");
    log_error("accept: %s", "no");
    expect_match(next_write(fd), PREFIX "error: accept: no\n$");
    log_event("x");
    snprintf(end, sizeof end, " [%d] x\n", (int)getpid());
    cr_expect(strstr(next_write(fd), end) != NULL, "the thread's id");
}

Test(log, quiet_drops_events_alone)
{
    int fd = take_stderr();

    log_quiet();
    log_event("hello");
    cr_expect_str_eq(next_write(fd), "");
    log_say("server");
    cr_expect_str_eq(next_write(fd), "server\n");
    log_error("accept");
    expect_match(next_write(fd), PREFIX "error: accept\n$");
}

/* Trouble that many clients meet is one line. */
Test(log, an_error_that_comes_again)
{
    int fd = take_stderr();

    log_error("accept: %d", 1);
    expect_match(next_write(fd), PREFIX "error: accept: 1\n$");
    log_error("accept: %d", 1);
    log_error("accept: %d", 1);
    cr_expect_str_eq(next_write(fd), "");
    log_event("accept: %d", 1);
    expect_match(next_write(fd), PREFIX "accept: 1\n$");
    log_error("accept: %d", 2);
    expect_match(next_write(fd), PREFIX "error: accept: 2\n$");
    log_error("accept: %d", 1);
    cr_expect_str_eq(next_write(fd), "", "another one came between");
}

/* Trouble that lasts is a line from time to time, with a count. */
Test(log, an_error_that_lasts, .timeout = 60)
{
    const struct timespec moment = {.tv_nsec = 50000000L};
    int fd = take_stderr(), times = 0, told = 0;
    const char *line = "";

    log_error("accept: no");
    expect_match(next_write(fd), PREFIX "error: accept: no\n$");
    while (*line == '\0') {
        nanosleep(&moment, NULL);
        log_error("accept: no");
        times++;
        line = next_write(fd);
    }
    expect_match(line,
                 PREFIX "error: accept: no \\([0-9]+ times in 1[0-9] s\\)");
    sscanf(strrchr(line, '('), "(%d", &told);
    cr_expect_eq(told, times);
}

/* A handful of different troubles is remembered, not all there ever were. */
Test(log, many_different_errors)
{
    int fd = take_stderr();

    for (int i = 0; i < 20; i++) {
        log_error("accept: %d", i);
        cr_expect_neq(next_write(fd)[0], '\0');
    }
}

Test(log, long_lines_are_cut)
{
    int fd = take_stderr();

    for (int len = LOG_LINE - 100; len < LOG_LINE + 100; len++) {
        const char *line;
        size_t got;

        log_event("%*d", len, 7);
        line = next_write(fd);
        got = strlen(line);
        cr_assert(got > LOG_LINE - 100 && got <= LOG_LINE, "%zu", got);
        cr_assert_eq(line[got - 1], '\n');
        log_say("%*d", len, 7);
        got = strlen(next_write(fd));
        cr_assert_eq(got, (size_t)(len < LOG_LINE ? len + 1 : LOG_LINE));
    }
}

enum { THREADS = 4, LINES = 20 };

static void *write_lines(void *argument)
{
    for (int i = 0; i < LINES; i++)
        log_say("%s", (const char *)argument);
    return NULL;
}

Test(log, threads_do_not_mix_lines)
{
    static const char *const texts[THREADS] = {"aaaa", "bbbb", "cccc", "dddd"};
    int fd = take_stderr(), counts[THREADS] = {0};
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, write_lines,
                       (void *)(uintptr_t)texts[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS * LINES; i++) {
        const char *line = next_write(fd);

        for (int k = 0; k < THREADS; k++)
            counts[k] += strncmp(line, texts[k], 4) == 0 && strlen(line) == 5;
    }
    for (int i = 0; i < THREADS; i++)
        cr_expect_eq(counts[i], LINES);
}
