/*
 * store: whoever leaves the queue, for whatever reason, takes no turn along,
 * and whoever writes holds up nobody.
 */
#include "store_check.h"
#include "unit.h"
#include "waiter.h"

#include "base/clock.h"

TestSuite(store_leave, .timeout = TEST_SECONDS);

/* One turn, which `holder` has and doesn't use; `queued` waits behind it,
 * until queued_deadline. Both have message 0 to get. */
struct scene {
    struct store *store;
    struct waiter holder, queued;
};

/* False, and all is ended, if the holder's deadline came first. */
static bool begin(struct scene *scene, int64_t holder_deadline,
                  int64_t queued_deadline)
{
    struct store *s = store_new(10, 1, 3);

    scene->store = s;
    waiter_start(&scene->holder, s, subscribe_live(s), holder_deadline);
    if (!waiter_freeze(&scene->holder)) {
        waiter_join(&scene->holder);
        store_unsubscribe(s, scene->holder.sub);
        store_free(s);
        return false;
    }
    publish(s, 0);
    waiter_start(&scene->queued, s, subscribe_after(s, (struct event_id){0, 0}),
                 queued_deadline);
    return true;
}

static void end(struct scene *scene)
{
    store_unsubscribe(scene->store, scene->holder.sub);
    store_unsubscribe(scene->store, scene->queued.sub);
    store_free(scene->store);
}

/* One turn is there, and only one. */
static void expect_one_turn(struct scene *scene)
{
    struct store *s = scene->store;
    struct subscriber *sub = subscribe_live(s);
    struct waiter a, b;

    waiter_start(&a, s, sub, in_ms(PATIENCE_MS));
    waiter_start(&b, s, scene->queued.sub, in_ms(PATIENCE_MS));
    cr_assert(waiter_freeze(&a));
    cr_assert(waiter_freeze(&b));
    publish(s, 9);
    waiter_thaw(&b);
    cr_expect(!waiter_returned(&b), "there are two turns");
    waiter_thaw(&a);
    waiter_expect(&a, 9, 9);
    waiter_expect(&b, 9, 9);
    store_unsubscribe(s, sub);
}

/* Who has messages to come keeps its place, and no heartbeat is due. */
Test(store_leave, no_time_out_in_the_queue)
{
    struct scene scene;
    int64_t start = clock_monotonic_ms(), deadline = in_ms(20);

    cr_assert(begin(&scene, in_ms(PATIENCE_MS), deadline));
    while (clock_monotonic_ms() <= deadline + 20)
        wait_a_moment(start, "the deadline");
    cr_expect_not(waiter_returned(&scene.queued));
    waiter_thaw(&scene.holder);
    waiter_expect(&scene.holder, 0, 0);
    cr_expect_eq(waiter_join(&scene.queued), STORE_MESSAGES);
    expect_batch(&scene.queued.batch, 0, 0);
    expect_one_turn(&scene);
    end(&scene);
}

/* False if the time was too short to freeze it before. */
static bool become_ready_within(int64_t ms)
{
    struct store *s = store_new(10, 1, 2);
    int64_t start = clock_monotonic_ms(), deadline = in_ms(ms);
    struct waiter w[2];
    bool frozen;

    waiter_start(&w[0], s, subscribe_live(s), in_ms(PATIENCE_MS));
    waiter_start(&w[1], s, subscribe_live(s), deadline);
    cr_assert(waiter_freeze(&w[0]));
    frozen = waiter_freeze(&w[1]);
    publish(s, 0);
    while (clock_monotonic_ms() <= deadline)
        wait_a_moment(start, "the deadline");
    if (frozen) {
        waiter_thaw(&w[1]);
        cr_expect_not(waiter_returned(&w[1]));
    }
    waiter_thaw(&w[0]);
    waiter_expect(&w[0], 0, 0);
    cr_expect_eq(waiter_join(&w[1]), frozen ? STORE_MESSAGES : STORE_TIMEOUT);
    if (frozen)
        expect_batch(&w[1].batch, 0, 0);
    store_unsubscribe(s, w[0].sub);
    store_unsubscribe(s, w[1].sub);
    store_free(s);
    return frozen;
}

/* Nor if the messages came while it had none to get, just in time. */
Test(store_leave, no_time_out_of_who_has_become_ready)
{
    for (int64_t ms = 100; !become_ready_within(ms); ms *= 2)
        cr_assert_lt(ms, PATIENCE_MS);
}

Test(store_leave, poke_in_the_queue)
{
    struct scene scene;

    cr_assert(begin(&scene, in_ms(PATIENCE_MS), in_ms(PATIENCE_MS)));
    cr_expect_not(waiter_returned(&scene.queued));
    store_poke(scene.store, scene.queued.sub);
    cr_expect_eq(waiter_join(&scene.queued), STORE_POKED);
    waiter_thaw(&scene.holder);
    waiter_expect(&scene.holder, 0, 0);
    expect_messages(scene.store, scene.queued.sub, 0, 0);
    expect_one_turn(&scene);
    end(&scene);
}

/* A turn that was given is used, however late. */
Test(store_leave, time_out_with_a_turn)
{
    struct scene scene;
    int64_t start = clock_monotonic_ms(), deadline = in_ms(100);

    for (int64_t ms = 100; !begin(&scene, deadline, in_ms(PATIENCE_MS));) {
        ms *= 2;
        cr_assert_lt(ms, PATIENCE_MS);
        deadline = in_ms(ms);
    }
    while (clock_monotonic_ms() <= deadline)
        wait_a_moment(start, "the deadline");
    waiter_thaw(&scene.holder);
    cr_expect_eq(waiter_join(&scene.holder), STORE_MESSAGES);
    expect_batch(&scene.holder.batch, 0, 0);
    waiter_expect(&scene.queued, 0, 0);
    expect_one_turn(&scene);
    end(&scene);
}

Test(store_leave, poke_with_a_turn)
{
    struct scene scene;
    struct store_batch batch;

    cr_assert(begin(&scene, in_ms(PATIENCE_MS), in_ms(PATIENCE_MS)));
    store_poke(scene.store, scene.holder.sub);
    waiter_thaw(&scene.holder);
    waiter_expect(&scene.holder, 0, 0);
    waiter_expect(&scene.queued, 0, 0);
    cr_expect_eq(store_wait(scene.store, scene.holder.sub, in_ms(PATIENCE_MS),
                            1, &batch),
                 STORE_POKED);
    expect_one_turn(&scene);
    end(&scene);
}

Test(store_leave, close_while_others_wait_for_a_turn)
{
    struct scene scene;
    struct store_batch batch;

    cr_assert(begin(&scene, in_ms(PATIENCE_MS), in_ms(PATIENCE_MS)));
    store_close(scene.store);
    cr_expect_not(waiter_returned(&scene.queued));
    waiter_thaw(&scene.holder);
    waiter_expect(&scene.holder, 0, 0);
    waiter_expect(&scene.queued, 0, 0);
    cr_expect_eq(store_wait(scene.store, scene.queued.sub, in_ms(PATIENCE_MS),
                            1, &batch),
                 STORE_CLOSED);
    end(&scene);
}

/* Closed or not: who has something to get waits for its turn. */
Test(store_leave, queue_up_after_close)
{
    struct scene scene;
    struct subscriber *sub;
    struct waiter late;

    cr_assert(begin(&scene, in_ms(PATIENCE_MS), in_ms(PATIENCE_MS)));
    sub = subscribe_after(scene.store, (struct event_id){0, 0});
    store_close(scene.store);
    waiter_start(&late, scene.store, sub, in_ms(PATIENCE_MS));
    cr_expect_not(waiter_returned(&late));
    waiter_thaw(&scene.holder);
    waiter_expect(&scene.holder, 0, 0);
    waiter_expect(&scene.queued, 0, 0);
    waiter_expect(&late, 0, 0);
    store_unsubscribe(scene.store, sub);
    end(&scene);
}

/* After a time-out nobody waits: no turn may be given to it. */
Test(store_leave, time_out_without_messages)
{
    struct store *s = store_new(10, 1, 2);
    struct subscriber *gone = subscribe_live(s), *other = subscribe_live(s);

    expect_nothing(s, gone);
    publish(s, 0);
    expect_messages(s, other, 0, 0);
    expect_messages(s, gone, 0, 0);
    store_unsubscribe(s, gone);
    store_unsubscribe(s, other);
    store_free(s);
}

/* As one whose client doesn't read: its batch is never written. */
Test(store_leave, a_blocked_writer_delays_nobody)
{
    struct store *s = store_new(10, 1, 4);
    struct subscriber *blocked = subscribe_live(s);
    struct store_batch batch;
    struct waiter w[3];

    publish(s, 0);
    cr_assert_eq(store_wait(s, blocked, in_ms(0), 1, &batch), STORE_MESSAGES);
    for (int i = 0; i < 3; i++)
        waiter_start(&w[i], s, subscribe_live(s), in_ms(PATIENCE_MS));
    publish(s, 1);
    for (int i = 0; i < 3; i++)
        waiter_expect(&w[i], 1, 1);
    publish_all(s, 2, 20, NULL);
    expect_batch(&batch, 0, 0);
    for (int i = 0; i < 3; i++)
        store_unsubscribe(s, w[i].sub);
    store_unsubscribe(s, blocked);
    store_free(s);
}

/* One is ready without a turn, one is idle: both leave at once. */
Test(store_leave, abandon_ends_all_at_once)
{
    struct store *s = store_new(10, 1, 2);
    struct subscriber *a = subscribe_live(s), *b = subscribe_live(s);
    struct waiter first, second;

    waiter_start(&first, s, a, in_ms(PATIENCE_MS));
    waiter_start(&second, s, b, in_ms(PATIENCE_MS));
    waiter_freeze(&first); /* it keeps the only turn */
    publish_all(s, 0, 2, NULL);
    store_close(s);
    store_abandon(s);
    cr_expect_eq(waiter_join(&second), STORE_CLOSED);
    waiter_thaw(&first);
    waiter_expect(&first, 0, 2);
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    cr_expect_eq(store_stats(s).cut_short, 1);
    cr_expect_eq(store_stats(s).unsent, 3);
    store_free(s);
}
