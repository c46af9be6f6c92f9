/*
 * store: where a subscriber begins, and what it is told of what is gone.
 * Nothing is ever skipped silently.
 */
#include "store_check.h"
#include "unit.h"

#include "store/restore.h"

TestSuite(store_resume, .timeout = TEST_SECONDS);

static const struct event_id zero = {0, 0};
static const struct event_id earlier = {1, 5}; /* from an earlier life */
static const struct event_id future = {INT64_MAX, 0};

/* Ends the one subscriber and the store. */
static void end(struct store *s, struct subscriber *sub)
{
    store_unsubscribe(s, sub);
    store_free(s);
}

Test(store_resume, after_each_id)
{
    struct store *s = store_new(100, 1, 1);
    struct event_id ids[10];

    publish_all(s, 0, 8, ids);
    for (int i = 0; i < 9; i++) {
        struct subscriber *sub = subscribe_after(s, ids[i]);

        expect_messages(s, sub, i + 1, 8);
        expect_nothing(s, sub);
        store_unsubscribe(s, sub);
    }
    store_free(s);
}

Test(store_resume, goes_on_live)
{
    struct store *s = store_new(100, 1, 1);
    struct event_id ids[10];
    struct subscriber *sub;

    publish_all(s, 0, 4, ids);
    sub = subscribe_after(s, ids[2]);
    publish_all(s, 5, 6, ids);
    expect_messages(s, sub, 3, 6);
    publish(s, 7);
    expect_messages(s, sub, 7, 7);
    end(s, sub);
}

Test(store_resume, zero_is_all_that_is_retained)
{
    struct store *s = store_new(5, 1, 1);
    struct subscriber *sub = subscribe_after(s, zero);
    struct event_id ids[10];

    expect_nothing(s, sub);
    store_unsubscribe(s, sub);
    publish_all(s, 0, 4, ids);
    sub = subscribe_after(s, zero);
    expect_messages(s, sub, 0, 4);
    store_unsubscribe(s, sub);
    publish(s, 5);
    sub = subscribe_after(s, zero);
    expect_gap(s, sub, zero, &ids[1], 1, 5);
    expect_nothing(s, sub);
    end(s, sub);
}

/* An earlier process gave it, whose clock was ahead. */
Test(store_resume, a_future_id_gets_a_gap_and_all_that_is_retained)
{
    struct store *s = store_new(5, 1, 1);
    struct subscriber *sub = subscribe_after(s, future);
    struct event_id ids[11];

    expect_gap(s, sub, future, NULL, 0, -1);
    expect_nothing(s, sub);
    store_unsubscribe(s, sub);
    publish_all(s, 0, 9, ids);
    sub = subscribe_after(s, future);
    expect_gap(s, sub, future, &ids[5], 5, 9);
    expect_nothing(s, sub);
    publish(s, 10);
    expect_messages(s, sub, 10, 10);
    end(s, sub);
}

/* The same, but this process' clock has overtaken it meanwhile. */
Test(store_resume, an_id_that_was_never_given_gets_a_gap)
{
    struct store *s = store_new(5, 1, 1);
    struct event_id ids[10], between;
    struct subscriber *sub;

    publish_all(s, 0, 9, ids);
    between = (struct event_id){ids[7].ms, ids[7].nth + 1000};
    sub = subscribe_after(s, between);
    expect_gap(s, sub, between, &ids[5], 5, 9);
    end(s, sub);
}

/* The id that a stream begins with, before there is a message, is known. */
Test(store_resume, the_id_of_the_start_is_known)
{
    struct store *s = store_new(5, 1, 2);
    struct event_id start, again;
    struct subscriber *sub = store_subscribe(s, "", NULL, &start);

    store_unsubscribe(s, sub);
    publish_all(s, 0, 2, NULL);
    sub = store_subscribe(s, "", &start, &again);
    cr_expect_eq(event_id_compare(start, again), 0);
    expect_messages(s, sub, 0, 2);
    end(s, sub);
}

Test(store_resume, a_future_id_falls_behind)
{
    struct store *s = store_new(2, 1, 1);
    struct subscriber *sub;
    struct event_id ids[10];

    publish_all(s, 0, 0, ids);
    sub = subscribe_after(s, future);
    publish_all(s, 1, 4, ids);
    expect_gap(s, sub, future, &ids[3], 3, 4);
    end(s, sub);
}

/* Nobody knows what an earlier process published after it. */
Test(store_resume, an_earlier_life_leaves_a_gap)
{
    struct store *s = store_new(5, 1, 1);
    struct subscriber *sub = subscribe_after(s, earlier);
    struct event_id ids[10];

    expect_gap(s, sub, earlier, NULL, 0, -1);
    expect_nothing(s, sub);
    publish_all(s, 0, 1, ids);
    expect_messages(s, sub, 0, 1);
    store_unsubscribe(s, sub);
    sub = subscribe_after(s, earlier);
    expect_gap(s, sub, earlier, &ids[0], 0, 1);
    expect_nothing(s, sub);
    cr_expect_eq(store_stats(s).gaps, 2);
    end(s, sub);
}

/* The gap is told with the first batch, whatever came meanwhile. */
Test(store_resume, a_gap_is_told_once_and_first)
{
    struct store *s = store_new(5, 1, 1);
    struct subscriber *sub = subscribe_after(s, earlier);
    struct store_batch batch;
    struct event_id ids[10];

    publish_all(s, 0, 6, ids);
    cr_assert_eq(store_wait(s, sub, in_ms(0), 2, &batch), STORE_MESSAGES);
    cr_expect(batch.gap);
    cr_expect_eq(event_id_compare(batch.gap_after, earlier), 0);
    cr_expect_eq(event_id_compare(batch.oldest, ids[2]), 0);
    expect_batch(&batch, 2, 3);
    expect_messages(s, sub, 4, 6);
    end(s, sub);
}

Test(store_resume, after_an_id_that_is_gone)
{
    struct store *s = store_new(3, 1, 1);
    struct event_id ids[10];

    publish_all(s, 0, 7, ids); /* 5, 6 and 7 are retained */
    for (int i = 0; i < 8; i++) {
        struct subscriber *sub = subscribe_after(s, ids[i]);

        if (i < 4)
            expect_gap(s, sub, ids[i], &ids[5], 5, 7);
        else
            expect_messages(s, sub, i + 1, 7); /* nothing after 4 is gone */
        expect_nothing(s, sub);
        store_unsubscribe(s, sub);
    }
    store_free(s);
}

Test(store_resume, who_falls_behind_is_told)
{
    struct store *s = store_new(3, 1, 1);
    struct subscriber *sub = subscribe_live(s);
    struct event_id ids[20];

    publish_all(s, 0, 0, ids);
    expect_messages(s, sub, 0, 0);
    publish_all(s, 1, 3, ids); /* as many as there is room for */
    expect_messages(s, sub, 1, 3);
    publish_all(s, 4, 7, ids); /* one more */
    expect_gap(s, sub, ids[3], &ids[5], 5, 7);
    publish_all(s, 8, 10, ids);
    expect_messages(s, sub, 8, 10);
    publish_all(s, 11, 19, ids);
    expect_gap(s, sub, ids[10], &ids[17], 17, 19);
    expect_nothing(s, sub);
    end(s, sub);
}

/* It had collected a part when the rest was dropped. */
Test(store_resume, who_falls_behind_in_the_middle)
{
    struct store *s = store_new(4, 1, 1);
    struct subscriber *sub = subscribe_live(s);
    struct store_batch batch;
    struct event_id ids[10];

    publish_all(s, 0, 3, ids);
    cr_assert_eq(store_wait(s, sub, in_ms(0), 2, &batch), STORE_MESSAGES);
    expect_batch(&batch, 0, 1);
    publish_all(s, 4, 5, ids);
    expect_messages(s, sub, 2, 5);
    publish_all(s, 6, 7, ids);
    cr_assert_eq(store_wait(s, sub, in_ms(0), 1, &batch), STORE_MESSAGES);
    expect_batch(&batch, 6, 6);
    publish_all(s, 8, 9, ids);
    expect_messages(s, sub, 7, 9);
    end(s, sub);
}

/* What a live subscriber had before its first message: all up to then. */
Test(store_resume, who_falls_behind_before_the_first)
{
    struct store *s = store_new(2, 1, 2);
    struct subscriber *first = subscribe_live(s), *second;
    struct store_batch batch;
    struct event_id ids[10];

    publish_all(s, 0, 0, ids);
    second = subscribe_live(s);
    publish_all(s, 1, 4, ids);
    expect_gap(s, second, ids[0], &ids[3], 3, 4);
    cr_assert_eq(store_wait(s, first, in_ms(0), 9, &batch), STORE_MESSAGES);
    cr_expect(batch.gap);
    cr_expect_lt(event_id_compare(batch.gap_after, ids[0]), 0);
    expect_batch(&batch, 3, 4);
    store_unsubscribe(s, first);
    end(s, second);
}

Test(store_resume, a_gap_is_told_after_close)
{
    struct store *s = store_new(2, 1, 1);
    struct subscriber *sub = subscribe_after(s, earlier);
    struct store_batch batch;

    store_close(s);
    expect_gap(s, sub, earlier, NULL, 0, -1);
    cr_expect_eq(store_wait(s, sub, in_ms(PATIENCE_MS), 1, &batch),
                 STORE_CLOSED);
    end(s, sub);
}

/* Messages of an earlier process: from id 10 on, `count` of them. */
static void restore(struct store *s, int count)
{
    for (int i = 0; i < count; i++) {
        struct message *m = make_message(i);

        message_stamp(m, (struct event_id){10 + i, 0}, 10 + i);
        store_restore(s, m);
        message_unref(m);
    }
}

Test(store_resume, goes_on_after_restored_messages)
{
    struct store *s = store_new(5, 1, 2);
    struct event_id id = {10, 0};
    struct subscriber *sub;

    restore(s, 3);
    cr_expect_eq(store_newest_of(s, "").ms, 12);
    cr_expect_eq(store_stats(s).published, 0);
    publish(s, 3);
    cr_expect_eq(store_stats(s).published, 1);
    sub = subscribe_after(s, id);
    expect_messages(s, sub, 1, 3);
    store_unsubscribe(s, sub);
    sub = subscribe_after(s, zero);
    expect_messages(s, sub, 0, 3);
    end(s, sub);
}

/* One more than it keeps: then "0" has a gap. */
Test(store_resume, knows_that_more_was_kept)
{
    const struct event_id oldest = {11, 0}, first = {10, 0};
    struct store *s = store_new(5, 1, 1);
    struct subscriber *sub;

    restore(s, 6);
    sub = subscribe_after(s, first);
    expect_messages(s, sub, 1, 5);
    store_unsubscribe(s, sub);
    sub = subscribe_after(s, zero);
    expect_gap(s, sub, zero, &oldest, 1, 5);
    end(s, sub);
}
