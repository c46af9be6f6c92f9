/* experiment: what a class does to the store, and that it holds. */
#include "store_check.h"
#include "unit.h"
#include "waiter.h"

#include "base/clock.h"
#include "store/experiment.h"

#include <pthread.h>
#include <unistd.h>

TestSuite(experiment, .timeout = TEST_SECONDS);

enum { COUNT_ALL = 5, HOLD_MS = 300 };

struct crowd {
    struct store *store;
    struct subscriber *subs[COUNT_ALL];
    struct waiter waiters[COUNT_ALL];
};

static struct crowd *gather(struct crowd *c, size_t turns)
{
    c->store = store_new(10, turns, COUNT_ALL);
    for (int i = 0; i < COUNT_ALL; i++) {
        c->subs[i] = subscribe_live(c->store);
        waiter_start(&c->waiters[i], c->store, c->subs[i], in_ms(PATIENCE_MS));
    }
    return c;
}

static void disperse(struct crowd *c)
{
    for (int i = 0; i < COUNT_ALL; i++)
        store_unsubscribe(c->store, c->subs[i]);
    store_free(c->store);
}

static size_t with_turns(const struct crowd *c)
{
    size_t n = 0;

    for (int i = 0; i < COUNT_ALL; i++)
        n += store_place(c->store, c->subs[i]) == STORE_TURN;
    return n;
}

/* How many times the store's threads did this. */
static size_t steps(struct store *s, enum trace_step step)
{
    static struct trace_entry entries[TRACE_SIZE];
    size_t n = trace_read(store_trace(s), 0, entries, TRACE_SIZE), count = 0;

    while (n-- > 0)
        count += entries[n].step == step;
    return count;
}

/* It looks at its predicate, and sleeps on. */
Test(experiment, a_nudge_changes_nothing)
{
    struct store *s = store_new(10, 1, 1);
    struct subscriber *sub;
    struct waiter w;
    int64_t start;

    cr_expect_eq(store_nudge(s, 0), 0, "nobody is there");
    sub = subscribe_live(s);
    cr_expect_eq(store_nudge(s, 0), 0, "nobody sleeps");
    waiter_start(&w, s, sub, in_ms(PATIENCE_MS));
    trace_keep(store_trace(s), PATIENCE_MS);
    cr_expect_eq(store_nudge(s, 1), 0, "that is no subscriber");
    cr_expect_eq(store_nudge(s, gettid()), gettid());
    for (start = clock_monotonic_ms(); steps(s, TRACE_SLEEPS) == 0;)
        wait_a_moment(start, "it to look");
    cr_expect_not(waiter_returned(&w));
    cr_expect_eq(steps(s, TRACE_WAKES), 0);
    cr_expect_eq(store_place(s, sub), STORE_IDLE);
    publish(s, 0);
    waiter_expect(&w, 0, 0);
    store_unsubscribe(s, sub);
    cr_expect_eq(store_nudge(s, 0), 0, "it has left");
    store_free(s);
}

/* All frozen, so that each keeps the turn that it is given. */
Test(experiment, a_herd_wakes_all_at_once_and_once)
{
    struct crowd c;

    gather(&c, 2);
    cr_expect_eq(store_herd(c.store), COUNT_ALL);
    cr_expect_eq(store_herd(c.store), 0, "it is one already");
    for (int i = 0; i < COUNT_ALL; i++)
        cr_assert(waiter_freeze(&c.waiters[i]));
    publish(c.store, 0);
    cr_expect_eq(with_turns(&c), COUNT_ALL);
    for (int i = 0; i < COUNT_ALL; i++) {
        waiter_thaw(&c.waiters[i]);
        waiter_expect(&c.waiters[i], 0, 0);
    }
    cr_expect_eq(store_stats(c.store).free_turns, 2);

    for (int i = 0; i < COUNT_ALL; i++) {
        waiter_start(&c.waiters[i], c.store, c.subs[i], in_ms(PATIENCE_MS));
        cr_assert(waiter_freeze(&c.waiters[i]));
    }
    publish(c.store, 1);
    cr_expect_eq(with_turns(&c), 2);
    for (int i = 0; i < COUNT_ALL; i++)
        waiter_thaw(&c.waiters[i]);
    for (int i = 0; i < COUNT_ALL; i++)
        waiter_expect(&c.waiters[i], 1, 1);
    disperse(&c);
}

/* Those that wait for a turn get it: no turn is free while anybody is ready. */
Test(experiment, a_herd_wakes_those_that_are_ready)
{
    struct crowd c;

    gather(&c, 1);
    for (int i = 0; i < COUNT_ALL; i++)
        cr_assert(waiter_freeze(&c.waiters[i]));
    publish(c.store, 0);
    cr_expect_eq(with_turns(&c), 1);
    store_herd(c.store);
    cr_expect_eq(with_turns(&c), COUNT_ALL);
    for (int i = 0; i < COUNT_ALL; i++)
        waiter_thaw(&c.waiters[i]);
    for (int i = 0; i < COUNT_ALL; i++)
        waiter_expect(&c.waiters[i], 0, 0);
    disperse(&c);
}

Test(experiment, without_turns_it_is_a_herd_always)
{
    struct crowd c;

    gather(&c, 0);
    cr_expect_eq(store_herd(c.store), 0);
    publish(c.store, 0);
    for (int i = 0; i < COUNT_ALL; i++)
        waiter_expect(&c.waiters[i], 0, 0);
    disperse(&c);
}

static void *hold(void *store)
{
    return store_hold(store, HOLD_MS) ? store : NULL;
}

Test(experiment, only_one_holds_the_mutex_and_all_wait)
{
    struct store *s = store_new(10, 1, 1);
    pthread_t holder;
    int64_t start;
    void *held;

    cr_expect_not(store_held(s));
    trace_keep(store_trace(s), PATIENCE_MS);
    start = clock_monotonic_ms();
    pthread_create(&holder, NULL, hold, s);
    while (steps(s, TRACE_HOLDS) == 0)
        wait_a_moment(start, "the mutex to be held");
    /* Until it has it, or the other one is through. */
    if (store_held(s))
        cr_expect_not(store_hold(s, 0) && steps(s, TRACE_RELEASES) == 0);
    publish(s, 0);
    cr_expect_geq(clock_monotonic_ms() - start, HOLD_MS);
    pthread_join(holder, &held);
    cr_expect_eq(held, s);
    cr_expect_not(store_held(s));
    store_free(s);
}
