/*
 * store: threads that wait, and the turns they get. A turn is held inside
 * store_wait alone, so these tests freeze threads there: see waiter.h.
 */
#include "store_check.h"
#include "unit.h"
#include "waiter.h"

#include "base/clock.h"

TestSuite(store_turns, .timeout = TEST_SECONDS);

enum { MANY = 5 };

/* Everybody waits, in the order of their numbers. */
static void start_all(struct waiter *w, int count, struct store *s)
{
    for (int i = 0; i < count; i++)
        waiter_start(&w[i], s, subscribe_live(s), in_ms(PATIENCE_MS));
}

static void freeze_all(struct waiter *w, int count)
{
    for (int i = 0; i < count; i++)
        cr_assert(waiter_freeze(&w[i]));
}

static void end_all(struct waiter *w, int count, struct store *s)
{
    for (int i = 0; i < count; i++)
        store_unsubscribe(s, w[i].sub);
    store_free(s);
}

static const size_t turns[] = {0, 1, 2, 1000};

Test(store_turns, publishing_wakes_everybody)
{
    for (size_t i = 0; i < COUNT(turns); i++) {
        struct store *s = store_new(10, turns[i], MANY);
        struct waiter w[MANY];

        start_all(w, MANY, s);
        publish(s, 7);
        for (int k = 0; k < MANY; k++)
            waiter_expect(&w[k], 7, 7);
        end_all(w, MANY, s);
    }
}

Test(store_turns, a_poke_wakes_one)
{
    for (size_t i = 0; i < COUNT(turns); i++) {
        struct store *s = store_new(10, turns[i], 2);
        struct waiter w[2];

        start_all(w, 2, s);
        store_poke(s, w[0].sub);
        cr_expect_eq(waiter_join(&w[0]), STORE_POKED);
        cr_expect(w[0].in_time);
        cr_expect_not(waiter_returned(&w[1]));
        publish(s, 7);
        waiter_expect(&w[1], 7, 7);
        end_all(w, 2, s);
    }
}

Test(store_turns, closing_wakes_everybody)
{
    for (size_t i = 0; i < COUNT(turns); i++) {
        struct store *s = store_new(10, turns[i], MANY);
        struct waiter w[MANY];

        start_all(w, MANY, s);
        store_close(s);
        for (int k = 0; k < MANY; k++) {
            cr_expect_eq(waiter_join(&w[k]), STORE_CLOSED);
            cr_expect(w[k].in_time);
        }
        end_all(w, MANY, s);
    }
}

/* With one turn, whoever wakes up out of turn sleeps on; then each one's end
 * is the next one's beginning. */
Test(store_turns, one_turn_goes_round_in_order)
{
    struct store *s = store_new(10, 1, MANY);
    struct waiter w[MANY];

    start_all(w, MANY, s);
    freeze_all(w, MANY);
    publish(s, 7);
    for (int i = 0; i < MANY; i++) {
        cr_expect_eq(store_stats(s).deliveries, (uint64_t)i);
        waiter_thaw(&w[i]);
        waiter_expect(&w[i], 7, 7);
    }
    end_all(w, MANY, s);
}

Test(store_turns, one_turn_is_for_one)
{
    struct store *s = store_new(10, 1, MANY);
    struct waiter w[MANY];

    start_all(w, MANY, s);
    freeze_all(w, MANY);
    publish(s, 7);
    for (int i = MANY - 1; i > 0; i--) {
        waiter_thaw(&w[i]);
        cr_expect(!waiter_returned(&w[i]), "%d has the turn of 0", i);
    }
    cr_expect_eq(store_stats(s).deliveries, 0);
    waiter_thaw(&w[0]);
    for (int i = 0; i < MANY; i++)
        waiter_expect(&w[i], 7, 7);
    end_all(w, MANY, s);
}

Test(store_turns, two_turns_are_for_two)
{
    struct store *s = store_new(10, 2, MANY);
    struct waiter w[MANY];

    start_all(w, MANY, s);
    freeze_all(w, MANY);
    publish(s, 7);
    for (int i = MANY - 1; i > 1; i--) {
        waiter_thaw(&w[i]);
        cr_expect(!waiter_returned(&w[i]), "%d has a turn", i);
    }
    waiter_thaw(&w[1]); /* its turn goes round all the others but 0 */
    for (int i = 1; i < MANY; i++)
        waiter_expect(&w[i], 7, 7);
    cr_expect_not(waiter_returned(&w[0]));
    waiter_thaw(&w[0]);
    waiter_expect(&w[0], 7, 7);
    end_all(w, MANY, s);
}

/* So many that the signals are sent in several goes. */
static void check_last_has_a_turn(size_t turns_given, int count)
{
    struct store *s = store_new(10, turns_given, 200);
    static struct waiter w[200];

    start_all(w, count, s);
    freeze_all(w, count);
    publish(s, 7);
    for (int i = count - 1; i >= 0; i--) {
        waiter_thaw(&w[i]);
        waiter_expect(&w[i], 7, 7);
    }
    end_all(w, count, s);
}

Test(store_turns, without_limit_all_have_a_turn)
{
    check_last_has_a_turn(0, 2);
    check_last_has_a_turn(0, 150);
}

Test(store_turns, as_many_turns_as_waiters)
{
    check_last_has_a_turn(2, 2);
    check_last_has_a_turn(64, 64);
    check_last_has_a_turn(128, 128);
    check_last_has_a_turn(150, 150);
}

/* Whoever has more to get than one batch queues behind those who wait. */
Test(store_turns, a_second_batch_queues_at_the_end)
{
    struct store *s = store_new(1000, 1, 2);
    struct waiter w[2], again[2];

    start_all(w, 2, s);
    freeze_all(w, 2);
    publish_all(s, 0, 99, NULL);
    waiter_thaw(&w[0]);
    waiter_expect(&w[0], 0, LIMIT_BATCH - 1);
    waiter_start(&again[0], s, w[0].sub, in_ms(PATIENCE_MS));
    cr_expect_not(waiter_returned(&again[0]));
    cr_assert(waiter_freeze(&again[0]));
    waiter_thaw(&w[1]);
    waiter_expect(&w[1], 0, LIMIT_BATCH - 1);
    waiter_start(&again[1], s, w[1].sub, in_ms(PATIENCE_MS));
    cr_expect_not(waiter_returned(&again[1]));
    waiter_thaw(&again[0]);
    waiter_expect(&again[0], LIMIT_BATCH, 99);
    waiter_expect(&again[1], LIMIT_BATCH, 99);
    end_all(w, 2, s);
}

/* One who comes with messages to get doesn't overtake those who wait, nor do
 * those who become ready later. */
Test(store_turns, nobody_overtakes)
{
    struct store *s = store_new(10, 1, 4);
    struct waiter w[4];

    start_all(w, 2, s);
    waiter_start(&w[3], s, subscribe_live(s), in_ms(PATIENCE_MS));
    freeze_all(w, 2);
    cr_assert(waiter_freeze(&w[3]));
    publish(s, 0);
    /* w[0] has the turn; w[1] and w[3] are ready, and now w[2]. */
    waiter_start(&w[2], s, subscribe_after(s, (struct event_id){0, 0}),
                 in_ms(PATIENCE_MS));
    cr_expect_not(waiter_returned(&w[2]));
    cr_assert(waiter_freeze(&w[2]));
    publish(s, 1);
    waiter_thaw(&w[0]);
    waiter_expect(&w[0], 0, 1);
    waiter_thaw(&w[2]);
    cr_expect_not(waiter_returned(&w[2]));
    waiter_thaw(&w[1]);
    waiter_expect(&w[1], 0, 1);
    cr_expect_not(waiter_returned(&w[2]));
    waiter_thaw(&w[3]);
    waiter_expect(&w[3], 0, 1);
    waiter_expect(&w[2], 0, 1);
    end_all(w, 4, s);
}
