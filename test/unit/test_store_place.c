/* store: where a subscriber is, and slow motion. */
#include "store_check.h"
#include "unit.h"
#include "waiter.h"

#include "base/clock.h"
#include "store/heartbeat.h"
#include "store/slow.h"

TestSuite(store_place, .timeout = TEST_SECONDS);

Test(store_place, idle_turn_ready_outside)
{
    struct store *s = store_new(10, 1, 2);
    struct subscriber *a = subscribe_live(s), *b = subscribe_live(s);
    struct waiter first, second;

    cr_expect_eq(store_place(s, a), STORE_OUTSIDE);
    waiter_start(&first, s, a, in_ms(PATIENCE_MS));
    waiter_start(&second, s, b, in_ms(PATIENCE_MS));
    cr_expect_eq(store_place(s, a), STORE_IDLE);
    cr_expect_eq(store_place(s, b), STORE_IDLE);

    cr_assert(waiter_freeze(&first)); /* it keeps the only turn */
    publish(s, 0);
    cr_expect_eq(store_place(s, a), STORE_TURN);
    cr_expect_eq(store_place(s, b), STORE_READY);
    cr_expect_eq(store_stats(s).free_turns, 0);
    cr_expect_eq(store_stats(s).turns, 1);

    waiter_thaw(&first);
    waiter_expect(&first, 0, 0);
    waiter_expect(&second, 0, 0);
    cr_expect_eq(store_place(s, a), STORE_OUTSIDE);
    cr_expect_eq(store_place(s, b), STORE_OUTSIDE);
    cr_expect_eq(store_stats(s).free_turns, 1);
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    store_free(s);
}

/* A subscriber that waits to send a heartbeat is ready, too. */
Test(store_place, ready_for_a_heartbeat)
{
    struct store *s = store_new(10, 1, 2);
    struct subscriber *a = subscribe_live(s), *b = subscribe_live(s);
    struct waiter first, second;

    waiter_start(&first, s, a, in_ms(PATIENCE_MS));
    waiter_start(&second, s, b, in_ms(PATIENCE_MS));
    waiter_freeze(&first); /* it keeps the only turn */
    store_heartbeat(s, clock_monotonic_ms());
    cr_expect_eq(store_place(s, a), STORE_TURN);
    cr_expect_eq(store_place(s, b), STORE_READY);
    waiter_thaw(&first);
    cr_expect_eq(waiter_join(&first), STORE_HEARTBEAT);
    cr_expect_eq(waiter_join(&second), STORE_HEARTBEAT);
    cr_expect_eq(store_place(s, b), STORE_OUTSIDE);
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    store_free(s);
}

Test(store_place, a_slow_turn_takes_its_time_and_no_other)
{
    enum { SLOW_MS = 100, COUNT_ALL = 4 };
    struct store *s = store_new(10, 2, COUNT_ALL);
    struct subscriber *subs[COUNT_ALL];
    struct waiter waiters[COUNT_ALL];
    int64_t start;

    store_slow(s, SLOW_MS);
    cr_expect_eq(store_stats(s).slow_ms, SLOW_MS);
    for (int i = 0; i < COUNT_ALL; i++) {
        subs[i] = subscribe_live(s);
        waiter_start(&waiters[i], s, subs[i], in_ms(PATIENCE_MS));
    }
    start = clock_monotonic_ms();
    publish(s, 0);
    for (int i = 0; i < COUNT_ALL; i++)
        waiter_expect(&waiters[i], 0, 0);
    /* Two at a time, twice. */
    cr_expect_geq(clock_monotonic_ms() - start, 2 * SLOW_MS - 2);
    for (int i = 0; i < COUNT_ALL; i++)
        store_unsubscribe(s, subs[i]);
    store_free(s);
}

/* Whoever sits in a turn of PATIENCE_MS is freed by this. */
static void expect_release(void (*release)(struct store *s))
{
    struct store *s = store_new(10, 1, 1);
    struct subscriber *sub = subscribe_live(s);
    const int64_t start = clock_monotonic_ms();
    struct waiter w;

    store_slow(s, PATIENCE_MS);
    publish(s, 0);
    store_unsubscribe(s, sub);
    sub = subscribe_after(s, (struct event_id){0, 0});
    waiter_start(&w, s, sub, in_ms(PATIENCE_MS));
    cr_expect_eq(store_place(s, sub), STORE_TURN);
    release(s);
    cr_expect_eq(waiter_join(&w), STORE_MESSAGES);
    cr_expect_lt(clock_monotonic_ms() - start, PATIENCE_MS);
    message_unref(w.batch.messages[0]);
    store_unsubscribe(s, sub);
    store_free(s);
}

static void speed_up(struct store *s)
{
    store_slow(s, 0);
}

Test(store_place, slow_motion_can_be_ended)
{
    expect_release(speed_up);
    expect_release(store_close);
}
