/*
 * bench-load: opens subscribers, publishes messages, and times deliveries. One
 * process and one thread, for any server that speaks Server-Sent Events.
 *
 * A delivery is timed from just before the send(2) of its message to just after
 * the recv(2) that brings it. A message that leaves late, since no publisher
 * was free, is timed from when it leaves.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "report.h"
#include "settings.h"

#define SECOND 1000000000ull

enum {
    BATCH = 32, /* events between two looks at the publishers */
    QUIET = 5   /* seconds without any: what is missing now is lost */
};

struct load {
    struct settings settings;
    struct ledger ledger;
    struct subscribers subscribers;
    struct publishers publishers;
    struct meter meter;
    int epoll;
};

/* When the messages from `first` to `end` are to leave. */
struct schedule {
    unsigned first, end;
    uint64_t start_ns;
    double interval_ns;
};

static void out_of_time(int signal)
{
    static const char line[] = "bench-load: out of time\n";
    (void)signal;
    if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
        _exit(BENCH_FAILED);
    _exit(BENCH_FAILED);
}

/* Sends what is due; returns when the next message is, or a long time. */
static uint64_t publish_due(struct load *l, const struct schedule *s)
{
    uint64_t now = bench_now_ns();
    while (l->ledger.sent < s->end) {
        double offset = (l->ledger.sent - s->first) * s->interval_ns;
        uint64_t due = s->start_ns + (uint64_t)offset;
        if (due > now)
            return due - now;
        if (!publishers_send(&l->publishers))
            break;
    }
    return SECOND;
}

static void wait_and_read(struct load *l, uint64_t ns)
{
    struct epoll_event events[BATCH];
    struct timespec timeout = {.tv_sec = (time_t)(ns / SECOND),
                               .tv_nsec = (long)(ns % SECOND)};
    int n = epoll_pwait2(l->epoll, events, BATCH, &timeout, NULL);
    if (n < 0 && errno != EINTR)
        bench_fail(BENCH_FAILED, "epoll: %s", strerror(errno));
    for (int i = 0; i < n; i++)
        if (events[i].data.u32 < l->subscribers.count)
            subscribers_handle(&l->subscribers, events[i].data.u32,
                               events[i].events);
}

static uint64_t latest(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Publishes until that many messages have been sent in all, and waits until
 * everyone has them, or nothing comes any more. */
static void run(struct load *l, unsigned end, double rate)
{
    struct schedule s = {.first = l->ledger.sent,
                         .end = end,
                         .start_ns = bench_now_ns(),
                         .interval_ns = rate > 0 ? 1e9 / rate : 0};
    uint64_t expected = ledger_deliveries(&l->ledger, end);
    while (l->ledger.delivered < expected || l->publishers.busy > 0) {
        publishers_collect(&l->publishers);
        uint64_t next = publish_due(l, &s);
        uint64_t last = latest(l->ledger.last_ns, l->publishers.reply_ns);
        if (l->ledger.sent > 0)
            last = latest(last, l->ledger.messages[l->ledger.sent - 1].sent_ns);
        if ((l->ledger.sent == end || l->publishers.busy > 0) &&
            bench_now_ns() > last + QUIET * SECOND)
            return;
        wait_and_read(l, next);
    }
}

/* Measures, loads and reports. */
static bool load(struct load *l)
{
    const struct settings *s = &l->settings;
    unsigned all = s->warmup + s->messages;
    struct report report = {.ledger = &l->ledger,
                            .subscribers = &l->subscribers,
                            .publishers = &l->publishers,
                            .has_server = l->meter.count > 0};
    ledger_open(&l->ledger, all, s->warmup, s->subscribers, s->publishers,
                s->target.channels);
    publishers_open(&l->publishers, &s->target, &l->ledger, s->publishers,
                    l->epoll, UINT32_MAX);
    meter_read_rest(&l->meter, &report.before);
    subscribers_open(&l->subscribers, &s->target, &l->ledger, s->subscribers,
                     s->source_addresses, l->epoll);
    if (l->subscribers.gone > 0)
        bench_fail(BENCH_BROKEN, "%u of %u subscribers are refused: %s",
                   l->subscribers.gone, s->subscribers, l->subscribers.refusal);
    run(l, s->warmup, 0);
    meter_read_rest(&l->meter, &report.begin);
    meter_read_cpu(&l->meter, &report.begin);
    run(l, all, s->rate);
    meter_read_cpu(&l->meter, &report.after);
    meter_read_rest(&l->meter, &report.after);
    return report_print(&report);
}

int main(int argc, char **argv)
{
    struct load l = {.settings = settings_read(argc, argv)};
    signal(SIGALRM, out_of_time);
    alarm(l.settings.timeout);
    prctl(PR_SET_TIMERSLACK, 1); /* 50 µs otherwise */
    bench_open_many_files();
    meter_open(&l.meter, l.settings.pids);
    l.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (l.epoll < 0)
        bench_fail(BENCH_FAILED, "epoll: %s", strerror(errno));
    return load(&l) ? EXIT_SUCCESS : BENCH_BROKEN;
}
