/* log_writer: see log_writer.h. */
#include "base/log_writer.h"

#include "base/clock.h"
#include "base/limit.h"
#include "base/lock.h"

#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct page {
    size_t len;
    char lines[LIMIT_LOG_PAGE];
};

static struct page pages[2];
static atomic_llong since;
static bool running; /* set while there are no other threads */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more; /* something is to be written */
static pthread_cond_t idle; /* everything is written */

/* Guarded by the mutex, with the page that is filled. The other page belongs to
 * the thread. */
static bool asleep;    /* nothing is to be written */
static int filled;     /* its index */
static size_t dropped; /* lines, since that page is full */

/* Lines that are not in the log; for the thread alone. */
struct missing {
    size_t lines;
    int error; /* what standard error refused them with; 0: it was blocked */
    bool torn; /* the line before them was written in part */
};

/* Blocks until a write may succeed that errno says has failed; false if none
 * will. Others share the open file, and may have made it non-blocking. */
static bool may_succeed(void)
{
    struct pollfd p = {.fd = STDERR_FILENO, .events = POLLOUT};

    if (errno == EAGAIN)
        return poll(&p, 1, -1) > 0 || errno == EINTR;
    return errno == EINTR;
}

/* Writes it all, but stops where standard error takes no more; then errno says
 * why. How many bytes it wrote. */
static size_t write_all(const char *bytes, size_t len)
{
    size_t done = 0;

    while (done < len) {
        ssize_t n = write(STDERR_FILENO, bytes + done, len - done);

        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || !may_succeed())
            break;
    }
    return done;
}

/* As many whole lines as a pipe takes at once: a write of PIPE_BUF bytes is not
 * mixed with others'. */
static size_t batch(const char *lines, size_t len)
{
    const char *last = len > PIPE_BUF ? memrchr(lines, '\n', PIPE_BUF) : NULL;

    return last ? (size_t)(last + 1 - lines) : len;
}

static size_t count_lines(const char *at, const char *end)
{
    size_t n = 0;

    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        n++;
    }
    return n;
}

/* False if standard error refuses; what it refuses is missing. */
static bool write_lines(const char *lines, size_t len, struct missing *m)
{
    size_t done = 0;

    while (done < len) {
        size_t wanted = batch(lines + done, len - done);
        size_t n = write_all(lines + done, wanted);

        done += n;
        if (n == wanted)
            continue;
        m->error = errno;
        m->lines = count_lines(lines + done, lines + len);
        m->torn = done > 0 && lines[done - 1] != '\n';
        return false;
    }
    return true;
}

/* Says how many lines are missing here, in their place. */
static bool write_note(struct missing *m)
{
    char prefix[64], note[256];
    size_t len, n;

    log_writer_prefix(prefix, sizeof prefix);
    len = (size_t)snprintf(
        note, sizeof note, "%s%serror: %zu lines dropped: standard error%s%s\n",
        m->torn ? "\n" : "", prefix, m->lines, m->error ? ": " : " was blocked",
        m->error ? strerror(m->error) : "");
    n = write_all(note, len);
    if (n < len) {
        m->error = errno;
        m->torn |= n > 0;
        return false;
    }
    *m = (struct missing){0};
    return true;
}

/* Blocks until there is something to write, unless there is already a note. */
static struct page *take_page(bool note, size_t *lost)
{
    struct page *page;

    pthread_mutex_lock(&mutex);
    while (!note && pages[filled].len == 0) {
        atomic_store(&since, clock_coarse_ms());
        asleep = true;
        pthread_cond_broadcast(&idle);
        pthread_cond_wait(&more, &mutex);
    }
    page = &pages[filled];
    filled = 1 - filled;
    pages[filled].len = 0;
    *lost = dropped;
    dropped = 0;
    pthread_mutex_unlock(&mutex);
    atomic_store(&since, clock_coarse_ms());
    return page;
}

static void *run_log_writer(void *unused)
{
    struct missing m = {0};

    pthread_setname_np(pthread_self(), "log");
    for (;;) {
        size_t lost;
        const struct page *page = take_page(m.lines > 0, &lost);
        bool noted = m.lines == 0 || write_note(&m);
        bool written = noted && write_lines(page->lines, page->len, &m);
        struct timespec pause =
            clock_timespec(written ? LIMIT_LOG_GATHER_MS : LIMIT_LOG_PAUSE_MS);

        if (!noted)
            m.lines += count_lines(page->lines, page->lines + page->len);
        /* They came when the page was full, so they are missing behind it. */
        m.lines += lost;
        /* Lines that come close together cost one write and no wake-up. */
        nanosleep(&pause, NULL);
    }
    return unused;
}

/* For exit(3). The thread stays. */
static void flush(void)
{
    struct timespec until = clock_timespec(clock_deadline(LIMIT_LOG_FLUSH_MS));

    pthread_mutex_lock(&mutex);
    while (!asleep)
        if (pthread_cond_timedwait(&idle, &mutex, &until) == ETIMEDOUT)
            break;
    pthread_mutex_unlock(&mutex);
}

int log_writer_start(void)
{
    pthread_attr_t attributes;
    pthread_t thread;

    lock_cond_init(&more);
    lock_cond_init(&idle);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, LIMIT_STACK);
    errno = pthread_create(&thread, &attributes, run_log_writer, NULL);
    pthread_attr_destroy(&attributes);
    if (errno != 0)
        return -1;
    running = true;
    atexit(flush);
    return 0;
}

void log_writer_put(const char *line, size_t len)
{
    bool wake = false;

    if (!running) {
        write_all(line, len);
        return;
    }
    pthread_mutex_lock(&mutex);
    if (dropped > 0 || pages[filled].len + len > LIMIT_LOG_PAGE) {
        dropped++;
    } else {
        memcpy(pages[filled].lines + pages[filled].len, line, len);
        pages[filled].len += len;
        wake = asleep;
        asleep = false;
    }
    pthread_mutex_unlock(&mutex);
    if (wake)
        pthread_cond_signal(&more);
}

void log_writer_prefix(char *out, size_t size)
{
    struct timespec now;
    struct tm day;
    size_t len;

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &day);
    len = strftime(out, size, "%H:%M:%S", &day);
    snprintf(out + len, size - len, ".%03ld [%d] ", now.tv_nsec / 1000000,
             (int)gettid());
}

int64_t log_writer_since(void)
{
    return atomic_load(&since);
}
