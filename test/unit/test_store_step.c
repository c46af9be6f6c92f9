/* store: slow motion, step by step. */
#include "store_check.h"
#include "unit.h"
#include "waiter.h"

#include "base/clock.h"
#include "store/slow.h"

#include <string.h>

enum { COUNT_ALL = 4, TURNS = 2 };

TestSuite(store_step, .timeout = TEST_SECONDS);

struct room {
    struct store *store;
    struct subscriber *subs[COUNT_ALL];
    struct waiter waiters[COUNT_ALL];
};

/* Subscribers that wait, and one message that goes step by step. */
static void open_room(struct room *r, int64_t patience_ms)
{
    r->store = store_new(10, TURNS, COUNT_ALL);
    cr_expect_not(store_step_by_step(r->store, "a teacher", patience_ms));
    for (int i = 0; i < COUNT_ALL; i++) {
        r->subs[i] = subscribe_live(r->store);
        waiter_start(&r->waiters[i], r->store, r->subs[i], in_ms(PATIENCE_MS));
    }
    publish(r->store, 0);
}

static void close_room(struct room *r)
{
    for (int i = 0; i < COUNT_ALL; i++) {
        waiter_expect(&r->waiters[i], 0, 0);
        store_unsubscribe(r->store, r->subs[i]);
    }
    store_free(r->store);
}

static int count_places(const struct room *r, enum store_place place)
{
    int n = 0;

    for (int i = 0; i < COUNT_ALL; i++)
        n += store_place(r->store, r->subs[i]) == place;
    return n;
}

static void expect_places(const struct room *r, int ready, int turn,
                          int outside)
{
    cr_expect_eq(count_places(r, STORE_READY), ready);
    cr_expect_eq(count_places(r, STORE_TURN), turn);
    cr_expect_eq(count_places(r, STORE_OUTSIDE), outside);
}

Test(store_step, ends_one_turn_each)
{
    struct room r;
    struct store_stats stats;

    open_room(&r, PATIENCE_MS);
    expect_places(&r, 2, 2, 0);
    cr_expect(store_step_by_step(r.store, "a student", PATIENCE_MS));
    cr_expect(store_step(r.store, PATIENCE_MS));
    expect_places(&r, 1, 2, 1);
    stats = store_stats(r.store);
    cr_expect(stats.stepping);
    cr_expect_str_eq(stats.step_by, "a student");
    cr_expect_gt(stats.step_left_ms, 0);
    cr_expect_leq(stats.step_left_ms, PATIENCE_MS);
    cr_expect(store_step(r.store, PATIENCE_MS));
    expect_places(&r, 0, 2, 2);
    cr_expect(store_step(r.store, PATIENCE_MS));
    cr_expect(store_step(r.store, PATIENCE_MS));
    expect_places(&r, 0, 0, 4);
    /* Nobody has a turn; and the step is not kept for the next one. */
    cr_expect_not(store_step(r.store, 20));
    close_room(&r);
}

/* Somebody ends slow motion while another steps through a whole message. */
Test(store_step, does_not_begin_what_another_has_ended)
{
    struct store *s = store_new(10, TURNS, COUNT_ALL);

    cr_expect_not(store_step_by_step(s, "a teacher", PATIENCE_MS));
    store_slow(s, 0);
    cr_expect_not(store_step(s, PATIENCE_MS));
    cr_expect_not(store_stats(s).stepping);
    store_free(s);
}

Test(store_step, is_over_when_somebody_forgets_it)
{
    const int64_t start = clock_monotonic_ms();
    struct room r;

    open_room(&r, 100);
    close_room(&r); /* all have got the message */
    cr_expect_geq(clock_monotonic_ms() - start, 100);
}

static void *step_for_ever(void *store)
{
    cr_expect_not(store_step(store, PATIENCE_MS));
    return NULL;
}

static void expect_end(void (*end)(struct store *s))
{
    const int64_t start = clock_monotonic_ms();
    struct store *s = store_new(10, TURNS, COUNT_ALL);
    pthread_t thread;

    store_step_by_step(s, "", PATIENCE_MS);
    pthread_create(&thread, NULL, step_for_ever, s);
    end(s);
    pthread_join(thread, NULL);
    cr_expect_lt(clock_monotonic_ms() - start, PATIENCE_MS);
    store_free(s);
}

static void speed_up(struct store *s)
{
    store_slow(s, 0);
}

Test(store_step, waits_no_longer_than_step_by_step_lasts)
{
    expect_end(speed_up);
    expect_end(store_close);
}

Test(store_step, a_long_name_is_cut)
{
    char name[2 * SLOW_WHO];
    struct store *s = store_new(10, TURNS, COUNT_ALL);

    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    store_step_by_step(s, name, PATIENCE_MS);
    cr_expect_eq(strlen(store_stats(s).step_by), SLOW_WHO - 1);
    store_free(s);
}
