/*
 * grade: tries the interleavings of some threads that use the store, and tells
 * the first that goes wrong. `make grade LAB=name` runs it with the file that a
 * student has changed.
 *
 *     exit status 0   none goes wrong
 *                 1   one does; it is told
 *
 * Each scenario is searched completely, up to a number of preemptions: threads
 * that are stopped although they could go on. Nearly all mistakes need at most
 * two of them. Searching for fewer first finds the shortest story.
 *
 * With the argument `race`, built with ThreadSanitizer, it searches less: that
 * sees a race in any order in which both threads come to it.
 */
#include "base/clock.h"
#include "base/log.h"
#include "schedule.h"
#include "store/heartbeat.h"
#include "tell.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

struct scenario {
    const char *title;
    size_t readers;
    uint64_t limit;
    struct luck luck;
    void (*act)(void *argument); /* the thread beside the subscribers */
    const char *actor;
    int messages; /* that each client gets */
};

static void publish_one(void *unused)
{
    (void)unused;
    world_publish(1);
}

static void publish_two(void *unused)
{
    (void)unused;
    world_publish(1);
    world_publish(2);
}

static void publish_to_sleeper(void *unused)
{
    world.readers[0].reads = false;
    publish_one(unused);
}

/* The client has gone: the subscriber must be woken to find that out. */
static void hang_up(void *unused)
{
    (void)unused;
    world.readers[0].gone = world.poked = true;
    tell_step(self, NULL, "calls store_poke: the client has gone");
    store_poke(world.store, world.readers[0].sub);
}

static void publish_and_close(void *unused)
{
    publish_one(unused);
    world.closed = true;
    tell_step(self, NULL, "calls store_close");
    store_close(world.store);
}

static void send_heartbeat(void *unused)
{
    world.beat = true;
    tell_step(self, NULL, "calls store_heartbeat");
    store_heartbeat(world.store, INT64_MAX - 1);
    publish_one(unused);
}

/* A long poll: the subscriber waits until a deadline, once. */
static void long_poll(void *argument)
{
    struct reader *r = argument;

    r->messages =
        world_wait(r->sub, clock_monotonic_ms() + WAIT_MS) == STORE_MESSAGES;
    store_unsubscribe(world.store, r->sub);
    if (!r->messages && sched_late())
        r->messages = 1; /* it came too late for it */
}

static const struct scenario scenarios[] = {
    {"One message for one subscriber.",
     1,
     1,
     {3, 0, 0},
     publish_one,
     "publisher",
     1},
    {"One message for two subscribers, and one turn.",
     2,
     1,
     {3, 0, 0},
     publish_one,
     "publisher",
     1},
    {"Two messages for one subscriber.",
     1,
     2,
     {3, 0, 0},
     publish_two,
     "publisher",
     2},
    {"One message, and a wake-up that nobody sent.",
     2,
     1,
     {2, 1, 0},
     publish_one,
     "publisher",
     1},
    {"One message for two subscribers; the client of the first reads nothing.",
     2,
     1,
     {3, 0, 0},
     publish_to_sleeper,
     "publisher",
     1},
    {"The client of a subscriber hangs up.",
     1,
     MANY,
     {3, 1, 0},
     hang_up,
     "departures",
     0},
    {"One message, and the server stops.",
     2,
     MANY,
     {2, 0, 0},
     publish_and_close,
     "main",
     1},
    {"A heartbeat, and one message.",
     2,
     1,
     {2, 0, 0},
     send_heartbeat,
     "departures",
     1},
    {"A subscriber that waits for one message until a deadline.",
     1,
     1,
     {3, 0, 1},
     publish_one,
     "publisher",
     1},
};

static void run_once(const struct scenario *s, int preemptions)
{
    struct luck luck = s->luck;

    tell_begin(s->title);
    world_begin(s->readers, s->limit);
    if (luck.timeouts > 0)
        actors[0].run = long_poll;
    sched_add(s->actor, s->act, NULL);
    luck.preemptions = preemptions;
    sched_run(luck);
    world_end(s->messages);
}

static unsigned search(const struct scenario *s, int preemptions)
{
    unsigned runs = 0;

    explore_begin();
    do {
        run_once(s, preemptions);
        runs++;
    } while (explore_next());
    return runs;
}

int main(int argc, char **argv)
{
    const int most = argc > 1 && strcmp(argv[1], "race") == 0 ? 1 : 3;
    const size_t count = sizeof scenarios / sizeof *scenarios;
    unsigned runs = 0;

    log_quiet();
    tell_catch_signals();
    for (int preemptions = 0; preemptions <= most; preemptions++)
        for (size_t i = 0; i < count; i++)
            if (preemptions <= scenarios[i].luck.preemptions)
                runs += search(&scenarios[i], preemptions);
    printf("right: all %u interleavings of %zu scenarios do what they should\n",
           runs, count);
    return 0;
}
