/*
 * store, seen by one thread: with a free turn, store_wait returns at once. For
 * ids and gaps see test_store_resume.c, for references and memory
 * test_store_memory.c, for waiting threads test_store_turns.c,
 * test_store_leave.c and test_store_crowd.c.
 */
#include "store_check.h"
#include "unit.h"

#include "base/clock.h"

TestSuite(store, .timeout = TEST_SECONDS);

Test(store, delivers_in_order_to_each)
{
    struct store *s = store_new(100, 2, 10);
    struct subscriber *a = subscribe_live(s), *b;

    publish_all(s, 0, 4, NULL);
    b = subscribe_live(s);
    publish_all(s, 5, 9, NULL);
    expect_messages(s, a, 0, 9);
    expect_messages(s, b, 5, 9);
    expect_nothing(s, a);
    publish(s, 10);
    expect_messages(s, b, 10, 10);
    expect_messages(s, a, 10, 10);
    expect_nothing(s, b);
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    store_free(s);
}

Test(store, stamps_with_increasing_ids_of_now)
{
    struct store *s = store_new(10, 1, 1);
    int64_t before = clock_realtime_ms();
    struct event_id last = {0, 0};

    for (int i = 0; i < 2000; i++) {
        struct event_id id = publish(s, i);

        cr_assert_lt(event_id_compare(last, id), 0);
        last = id;
    }
    cr_expect(before <= last.ms && last.ms <= clock_realtime_ms());
    store_free(s);
}

/* Also before there is one: whoever begins there misses nothing. */
Test(store, newest)
{
    struct store *s = store_new(10, 1, 1);
    struct subscriber *sub = subscribe_after(s, store_newest(s));

    expect_nothing(s, sub);
    for (int i = 0; i < 20; i++) {
        struct event_id id = publish(s, i);

        cr_expect_eq(event_id_compare(store_newest(s), id), 0);
        expect_messages(s, sub, i, i);
    }
    store_unsubscribe(s, sub);
    store_free(s);
}

Test(store, batches)
{
    struct store *s = store_new(1000, 1, 1);
    struct subscriber *sub = subscribe_live(s);
    struct store_batch batch;

    publish_all(s, 0, 199, NULL);
    for (size_t max = 1; max <= 3; max++) {
        static const int first[] = {0, 0, 1, 3};

        cr_assert_eq(store_wait(s, sub, in_ms(0), max, &batch), STORE_MESSAGES);
        expect_batch(&batch, first[max], first[max] + (int)max - 1);
    }
    cr_assert_eq(store_wait(s, sub, in_ms(0), 1000, &batch), STORE_MESSAGES);
    expect_batch(&batch, 6, 6 + LIMIT_BATCH - 1);
    expect_messages(s, sub, 6 + LIMIT_BATCH, 199);
    expect_nothing(s, sub);
    store_unsubscribe(s, sub);
    store_free(s);
}

Test(store, room_for_subscribers)
{
    struct store *s = store_new(10, 1, 2);
    struct subscriber *a = subscribe_live(s), *b = subscribe_live(s);
    const struct event_id zero = {0, 0};
    struct event_id last;

    cr_expect_null(store_subscribe(s, "", NULL, &last));
    cr_expect_null(store_subscribe(s, "", &zero, &last));
    cr_expect_eq(store_stats(s).subscribers, 2);
    cr_expect_eq(store_stats(s).refused, 2);
    store_unsubscribe(s, a);
    cr_expect_eq(store_stats(s).subscribers, 1);
    a = subscribe_live(s);
    cr_expect_null(store_subscribe(s, "", NULL, &last));
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    store_free(s);
}

Test(store, timeout)
{
    struct store *s = store_new(10, 1, 1);
    struct subscriber *sub = subscribe_live(s);
    int64_t deadline = in_ms(50);
    struct store_batch batch;

    cr_expect_eq(store_wait(s, sub, deadline, 1, &batch), STORE_TIMEOUT);
    cr_expect_geq(clock_monotonic_ms(), deadline, "too early");
    deadline = in_ms(-1000);
    cr_expect_eq(store_wait(s, sub, deadline, 1, &batch), STORE_TIMEOUT);
    publish(s, 0);
    expect_messages(s, sub, 0, 0);
    store_unsubscribe(s, sub);
    store_free(s);
}

Test(store, poke)
{
    struct store *s = store_new(10, 1, 2);
    struct subscriber *sub = subscribe_live(s), *other = subscribe_live(s);
    struct store_batch batch;

    store_poke(s, sub);
    store_poke(s, sub);
    cr_expect_eq(store_wait(s, sub, in_ms(PATIENCE_MS), 1, &batch),
                 STORE_POKED);
    expect_nothing(s, sub);
    expect_nothing(s, other);
    store_unsubscribe(s, sub);
    store_unsubscribe(s, other);
    store_free(s);
}

/* In whichever order: neither the poke nor the message is lost. */
Test(store, poke_beside_messages)
{
    struct store *s = store_new(10, 1, 1);
    struct subscriber *sub = subscribe_live(s);
    int pokes = 0;

    store_poke(s, sub);
    publish(s, 0);
    for (int i = 0; i < 2; i++) {
        struct store_batch batch;
        enum store_news news =
            store_wait(s, sub, in_ms(PATIENCE_MS), 1, &batch);

        pokes += news == STORE_POKED;
        if (news == STORE_MESSAGES)
            expect_batch(&batch, 0, 0);
    }
    cr_expect_eq(pokes, 1);
    expect_nothing(s, sub);
    store_unsubscribe(s, sub);
    store_free(s);
}

Test(store, close_lets_collect_what_is_there)
{
    struct store *s = store_new(10, 1, 3);
    struct subscriber *behind = subscribe_live(s), *done = subscribe_live(s);
    struct store_batch batch;

    publish_all(s, 0, 2, NULL);
    expect_messages(s, done, 0, 2);
    store_close(s);
    cr_expect_eq(store_wait(s, done, in_ms(PATIENCE_MS), 9, &batch),
                 STORE_CLOSED);
    cr_expect_eq(store_wait(s, behind, in_ms(0), 2, &batch), STORE_MESSAGES);
    expect_batch(&batch, 0, 1);
    expect_messages(s, behind, 2, 2);
    for (int i = 0; i < 2; i++)
        cr_expect_eq(store_wait(s, behind, in_ms(PATIENCE_MS), 2, &batch),
                     STORE_CLOSED);
    store_unsubscribe(s, behind);
    store_unsubscribe(s, done);
    store_free(s);
}

/* Requests that are being answered still publish; nobody new may listen. */
Test(store, close_ends_publishing)
{
    struct store *s = store_new(10, 1, 3);
    struct subscriber *sub = subscribe_live(s);
    const struct event_id zero = {0, 0};
    struct message *late = make_message(1);
    struct event_id last;
    struct store_batch batch;

    publish(s, 0);
    store_close(s);
    store_close(s);
    cr_expect_null(store_subscribe(s, "", NULL, &last));
    cr_expect_null(store_subscribe(s, "", &zero, &last));
    cr_expect_not(store_publish(s, late));
    message_unref(late);
    expect_messages(s, sub, 0, 0);
    cr_expect_eq(store_wait(s, sub, in_ms(PATIENCE_MS), 2, &batch),
                 STORE_CLOSED);
    store_unsubscribe(s, sub);
    cr_expect_eq(store_stats(s).cut_short, 0);
    store_free(s);
}

Test(store, stats)
{
    struct store *s = store_new(3, 1, 2);
    struct subscriber *a = subscribe_live(s), *b = subscribe_live(s);
    struct store_stats stats = store_stats(s);
    struct event_id ids[6];

    cr_expect(stats.subscribers == 2 && stats.retained == 0);
    cr_expect(stats.published == 0 && stats.deliveries == 0);
    publish_all(s, 0, 1, ids);
    cr_expect_eq(store_stats(s).retained, 2);
    expect_messages(s, a, 0, 1);
    expect_messages(s, b, 0, 1);
    publish_all(s, 2, 4, ids);
    expect_messages(s, a, 2, 4);
    publish_all(s, 5, 5, ids);
    expect_gap(s, b, ids[1], &ids[3], 3, 5);
    stats = store_stats(s);
    cr_expect_eq(stats.published, 6);
    cr_expect_eq(stats.retained, 3);
    cr_expect_eq(stats.deliveries, 5 + 5);
    cr_expect_eq(stats.gaps, 1);
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    cr_expect_eq(store_stats(s).subscribers, 0);
    cr_expect_eq(store_stats(s).deliveries, 10);
    store_free(s);
}
