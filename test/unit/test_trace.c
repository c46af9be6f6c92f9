/* trace: the ring of steps, and what the store writes into it. */
#include "store_check.h"
#include "unit.h"
#include "waiter.h"

#include "base/clock.h"
#include "store/inspect.h"
#include "store/slow.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(trace, .timeout = TEST_SECONDS);

enum { WRITERS = 4, STEPS = 100 * 1000 };

static struct trace_entry entries[TRACE_SIZE];

Test(trace, nothing_is_kept_while_nobody_looks)
{
    struct trace t = {0};

    trace(&t, TRACE_ASKS, 0, NULL);
    cr_expect_eq(trace_count(&t), 0);
    cr_expect_eq(trace_read(&t, 0, entries, TRACE_SIZE), 0);
    cr_assert_eq(trace_keep(&t, PATIENCE_MS), 0);
    trace(&t, TRACE_ASKS, 0, NULL);
    cr_assert_eq(trace_keep(&t, 0), 0);
    trace(&t, TRACE_SLEEPS, 0, NULL);
    cr_expect_eq(trace_read(&t, 0, entries, TRACE_SIZE), 1,
                 "what was kept "
                 "stays");
    trace_free(&t);
}

/* No thread has to end it. */
Test(trace, it_ends_by_itself)
{
    const int64_t start = clock_monotonic_ms();
    struct trace t = {0};

    cr_assert_eq(trace_keep(&t, 1), 0);
    while (atomic_load(&t.on)) {
        wait_a_moment(start, "the end");
        trace(&t, TRACE_ASKS, 0, NULL);
    }
    cr_assert_eq(trace_keep(&t, PATIENCE_MS), 0);
    cr_expect(atomic_load(&t.on));
    trace_free(&t);
}

Test(trace, an_entry_says_who_what_when)
{
    const struct event_id id = {1744353420000, 7};
    const int64_t before = clock_monotonic_ms();
    struct trace t = {0};

    cr_assert_eq(trace_keep(&t, PATIENCE_MS), 0);
    trace(&t, TRACE_GIVES, 4711, &id);
    cr_assert_eq(trace_read(&t, 0, entries, TRACE_SIZE), 1);
    cr_expect_eq(entries[0].number, 0);
    cr_expect_eq(entries[0].step, TRACE_GIVES);
    cr_expect_eq(entries[0].thread, gettid());
    cr_expect_eq(entries[0].other, 4711);
    cr_expect_eq(event_id_compare(entries[0].id, id), 0);
    cr_expect_geq(entries[0].ns / 1000000, before);
    cr_expect_leq(entries[0].ns / 1000000, clock_monotonic_ms());
    trace_free(&t);
}

Test(trace, the_newest_steps_stay)
{
    struct trace t = {0};
    size_t n;

    cr_assert_eq(trace_keep(&t, PATIENCE_MS), 0);
    for (int i = 0; i < TRACE_SIZE + 10; i++)
        trace(&t, TRACE_GIVES, i, NULL);
    n = trace_read(&t, 0, entries, TRACE_SIZE);
    cr_assert_eq(n, TRACE_SIZE);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(entries[i].other, (int)i + 10);
    cr_expect_eq(trace_read(&t, TRACE_SIZE, entries, 3), 3);
    cr_expect_eq(entries[0].number, TRACE_SIZE);
    cr_expect_eq(trace_read(&t, TRACE_SIZE + 10, entries, 3), 0);
    trace_free(&t);
}

/* Each writer's steps are a row of numbers, of which both fields tell. */
static void *write_many(void *argument)
{
    for (int i = 0; i < STEPS; i++) {
        const struct event_id id = {i, (uint64_t)i};

        trace(argument, TRACE_GIVES, i, &id);
    }
    return NULL;
}

static void expect_whole(const struct trace_entry *e, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cr_assert_eq(e[i].id.ms, e[i].other, "a torn entry");
        cr_assert_eq(e[i].id.nth, (uint64_t)e[i].other, "a torn entry");
        cr_assert(i == 0 || e[i].number > e[i - 1].number);
    }
}

Test(trace, a_reader_beside_writers_sees_whole_entries)
{
    pthread_t writers[WRITERS];
    struct trace t = {0};

    cr_assert_eq(trace_keep(&t, PATIENCE_MS), 0);
    for (int i = 0; i < WRITERS; i++)
        pthread_create(&writers[i], NULL, write_many, &t);
    while (trace_count(&t) < (uint64_t)WRITERS * STEPS)
        expect_whole(entries, trace_read(&t, 0, entries, TRACE_SIZE));
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    expect_whole(entries, trace_read(&t, 0, entries, TRACE_SIZE));
    trace_free(&t);
}

/* The first entry from *at on with this step; moves *at behind it. */
static const struct trace_entry *next(size_t n, size_t *at,
                                      enum trace_step step)
{
    while (*at < n)
        if (entries[(*at)++].step == step)
            return &entries[*at - 1];
    cr_assert_fail("no step %d", (int)step);
    return NULL;
}

/* One turn, two subscribers: the publisher wakes the first, who wakes the next.
 */
Test(trace, each_wakes_the_next)
{
    struct store *s = store_new(10, 1, 2);
    struct subscriber *a = subscribe_live(s), *b = subscribe_live(s);
    struct waiter first, second;
    const struct trace_entry *e;
    size_t n, at = 0;
    pid_t waker;

    waiter_start(&first, s, a, in_ms(PATIENCE_MS));
    waiter_start(&second, s, b, in_ms(PATIENCE_MS));
    cr_assert_eq(trace_keep(store_trace(s), PATIENCE_MS), 0);
    publish(s, 0);
    waiter_expect(&first, 0, 0);
    waiter_expect(&second, 0, 0);
    trace_keep(store_trace(s), 0);
    n = trace_read(store_trace(s), 0, entries, TRACE_SIZE);

    cr_expect_eq(next(n, &at, TRACE_ASKS)->thread, gettid());
    e = next(n, &at, TRACE_PUBLISHES);
    cr_expect_eq(e->thread, gettid());
    cr_expect_eq(event_id_compare(e->id, store_newest(s)), 0);
    cr_expect_eq(next(n, &at, TRACE_GIVES)->thread, gettid());
    waker = next(n, &at, TRACE_WAKES)->thread;
    cr_expect_neq(waker, gettid());
    e = next(n, &at, TRACE_LEAVES);
    cr_expect_eq(e->thread, waker);
    cr_expect_eq(e->other, STORE_MESSAGES);
    cr_expect_eq(event_id_compare(e->id, store_newest(s)), 0);
    cr_expect_eq(next(n, &at, TRACE_GIVES)->thread, waker);
    cr_expect_neq(next(n, &at, TRACE_WAKES)->thread, waker);
    next(n, &at, TRACE_LEAVES);
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    store_free(s);
}
