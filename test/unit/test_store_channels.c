/* store: channels come and go; their messages stay apart; no id is forgotten
 * silently. */
#include "store_check.h"
#include "unit.h"
#include "waiter.h"

#include "base/clock.h"
#include "store/heartbeat.h"
#include "store/publishers.h"
#include "store/restore.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

TestSuite(store_channels, .timeout = TEST_SECONDS);

enum { PLENTY = 1 << 20 };

static const struct event_id zero = {0, 0};

static struct store *new_store(size_t history, size_t channels)
{
    struct store *s = store_new(history, 1, 10);

    store_set_channels(s, channels, PLENTY);
    return s;
}

static size_t count(struct store *s)
{
    return store_stats(s).channels;
}

static void end(struct store *s, struct subscriber *sub)
{
    store_unsubscribe(s, sub);
    store_free(s);
}

Test(store_channels, messages_stay_in_their_channel)
{
    struct store *s = new_store(10, 2);
    struct subscriber *a = subscribe_in(s, "a", NULL),
                      *b = subscribe_in(s, "b", NULL),
                      *main = subscribe_live(s);

    publish_in(s, "a", 1);
    expect_messages(s, a, 1, 1);
    expect_nothing(s, b);
    expect_nothing(s, main);
    publish(s, 2);
    expect_messages(s, main, 2, 2);
    expect_nothing(s, a);
    publish_in(s, "b", 3);
    expect_messages(s, b, 3, 3);
    cr_expect_eq(store_stats(s).published, 3);
    cr_expect_eq(store_stats(s).deliveries, 3);
    cr_expect_eq(store_stats(s).retained, 3);
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    end(s, main);
}

Test(store_channels, each_has_a_history_of_its_own)
{
    struct store *s = new_store(3, 2);
    struct event_id first = publish_in(s, "a", 0), oldest[2] = {zero, zero};
    struct subscriber *sub;

    for (int i = 1; i <= 4; i++) {
        struct event_id ids[] = {publish_in(s, "a", i), publish_in(s, "b", i)};

        publish(s, i);
        if (i == 2)
            memcpy(oldest, ids, sizeof ids);
    }
    sub = subscribe_in(s, "a", &first);
    expect_gap(s, sub, first, &oldest[0], 2, 4);
    store_unsubscribe(s, sub);
    sub = subscribe_in(s, "b", &zero);
    expect_gap(s, sub, zero, &oldest[1], 2, 4);
    end(s, sub);
}

Test(store_channels, ids_increase_in_all_together)
{
    static const char *const names[] = {"a", "b", ""};
    struct store *s = new_store(10, 2);
    struct event_id last = zero;

    for (int i = 0; i < 300; i++) {
        struct event_id id =
            names[i % 3][0] ? publish_in(s, names[i % 3], i) : publish(s, i);

        cr_expect(event_id_compare(id, last) > 0, "message %d", i);
        cr_expect_eq(event_id_compare(store_newest(s), id), 0);
        cr_expect_eq(event_id_compare(store_newest_of(s, names[i % 3]), id), 0);
        last = id;
    }
    store_free(s);
}

Test(store_channels, one_goes_when_nobody_uses_it_and_it_is_empty)
{
    struct store *s = new_store(10, 5);
    struct subscriber *a = subscribe_in(s, "a", NULL),
                      *again = subscribe_in(s, "a", NULL);

    cr_expect_eq(count(s), 1);
    store_unsubscribe(s, a);
    cr_expect_eq(count(s), 1);
    store_unsubscribe(s, again);
    cr_expect_eq(count(s), 0);
    store_leave(s, store_enter(s, "b"));
    cr_expect_eq(count(s), 0);
    publish_in(s, "a", 1);
    cr_expect_eq(count(s), 1);
    end(s, subscribe_in(s, "a", NULL));
}

Test(store_channels, the_longest_unused_one_goes)
{
    struct store *s = new_store(10, 3);
    struct event_id a = publish_in(s, "a", 0), b = publish_in(s, "b", 0), id;
    struct subscriber *sub;

    publish_in(s, "c", 0);
    store_unsubscribe(s, subscribe_in(s, "a", NULL)); /* a is used again */
    publish_in(s, "d", 0);                            /* b goes */
    cr_expect_eq(count(s), 3);
    cr_expect_eq(store_stats(s).channels_removed, 1);
    sub = subscribe_in(s, "a", &a);
    expect_nothing(s, sub);
    store_unsubscribe(s, sub);
    id = store_newest_of(s, "b");
    cr_expect_eq(event_id_compare(id, b), 0);
    store_free(s);
}

/* All places are in use: nobody comes in, and the id is good later. */
Test(store_channels, there_is_no_place_for_another_one)
{
    struct store *s = new_store(10, 2);
    struct subscriber *a = subscribe_in(s, "a", NULL), *b;
    struct channel *publisher = store_enter(s, "b");
    struct message *m = make_raw_message("c", 1);
    struct event_id last;

    cr_assert(publisher != NULL);
    cr_expect_null(store_enter(s, "c"));
    cr_expect_null(store_subscribe(s, "c", NULL, &last));
    cr_expect_eq(store_stats(s).refused, 1);
    cr_expect_not(store_publish(s, m));
    message_unref(m);
    cr_expect_eq(count(s), 2);
    b = subscribe_in(s, "b", NULL); /* those that are there are open */
    store_leave(s, publisher);
    store_unsubscribe(s, b);
    b = subscribe_in(s, "c", &last);
    expect_nothing(s, b);
    publish_in(s, "c", 2);
    expect_messages(s, b, 2, 2);
    store_unsubscribe(s, b);
    end(s, a);
}

/* A channel went and came back. */
Test(store_channels, an_old_id_gets_a_gap)
{
    struct store *s = new_store(10, 1);
    struct event_id old = publish_in(s, "a", 1), newest, third;
    struct subscriber *sub;

    newest = publish_in(s, "a", 2);
    publish_in(s, "b", 1); /* a goes */
    sub = subscribe_in(s, "a", &old);
    expect_gap(s, sub, old, NULL, 0, -1);
    store_unsubscribe(s, sub);
    sub = subscribe_in(s, "a", &zero);
    expect_gap(s, sub, zero, NULL, 0, -1);
    third = publish_in(s, "a", 3);
    expect_messages(s, sub, 3, 3);
    store_unsubscribe(s, sub);
    /* b had one after it, and is gone: nobody knows of which channel it was. */
    sub = subscribe_in(s, "a", &newest);
    expect_gap(s, sub, newest, &third, 3, 3);
    end(s, sub);
}

/* It went with this message, and nothing has gone since. */
Test(store_channels, the_newest_id_of_what_has_gone_has_missed_nothing)
{
    struct store *s = new_store(10, 1);
    struct event_id newest = publish_in(s, "a", 1);
    struct subscriber *sub = subscribe_in(s, "b", NULL);

    store_unsubscribe(s, sub); /* a has gone, and b was empty */
    sub = subscribe_in(s, "a", &newest);
    expect_nothing(s, sub);
    publish_in(s, "a", 2);
    expect_messages(s, sub, 2, 2);
    end(s, sub);
}

/* Who is alone in a quiet channel and comes back is not told of a gap. */
Test(store_channels, an_empty_channel_comes_back_where_it_began)
{
    struct store *s = new_store(10, 5);
    struct event_id start, again;
    struct subscriber *sub = store_subscribe(s, "a", NULL, &start);

    store_unsubscribe(s, sub);
    publish(s, 1);
    publish_in(s, "b", 1);
    sub = store_subscribe(s, "a", &start, &again);
    expect_nothing(s, sub);
    publish_in(s, "a", 1);
    expect_messages(s, sub, 1, 1);
    end(s, sub);
}

/* ---- memory ---------------------------------------------------------------
 */

static void publish_and_leave(struct store *s, const char *name, int number)
{
    struct channel *c = store_enter(s, name);

    cr_assert(c != NULL);
    publish_in(s, name, number);
    store_leave(s, c);
}

/* The memory of so many messages, by and large. */
static size_t memory_of(size_t messages)
{
    return messages * 310;
}

/* Small messages take much more than their bytes. (LeakSanitizer has an
 * allocator of its own and counts by itself.) */
Test(store_channels, they_take_no_more_memory_than_they_may)
{
    const size_t before = mallinfo2().uordblks;
    struct store *s = store_new(1000, 1, 10);

    store_set_channels(s, 100, 4 * PLENTY);
    for (int i = 0; i < 50000; i++) {
        char name[16];

        snprintf(name, sizeof name, "%d", i / 500);
        publish_and_leave(s, name, i);
    }
    cr_expect_gt(store_stats(s).channels_removed, 10);
    cr_expect_gt(store_stats(s).retained, 10000);
    cr_expect_lt(mallinfo2().uordblks, before + 5 * PLENTY);
    store_free(s);
}

/* A key does, for example. */
Test(store_channels, what_weighs_more_makes_others_go)
{
    struct store *s = store_new(1000, 1, 10);

    store_set_channels(s, 100, PLENTY);
    publish_and_leave(s, "a", 1);
    store_weigh(s, PLENTY);
    publish_and_leave(s, "b", 1);
    cr_expect_eq(count(s), 1);
    store_weigh(s, -PLENTY);
    publish_and_leave(s, "a", 2);
    cr_expect_eq(count(s), 2);
    store_free(s);
}

Test(store_channels, too_much_memory_makes_the_longest_unused_go)
{
    struct store *s = store_new(1000, 1, 10);
    struct subscriber *sub;

    store_set_channels(s, 100, memory_of(80));
    for (int i = 0; i < 100; i++) {
        char name[16];

        snprintf(name, sizeof name, "%d", i);
        publish_and_leave(s, name, i);
    }
    cr_expect(count(s) < 90 && count(s) > 50, "%zu", count(s));
    cr_expect_eq(store_stats(s).retained, count(s));
    sub = subscribe_in(s, "99", &zero);
    expect_gap(s, sub, zero,
               &(struct event_id){store_newest(s).ms, store_newest(s).nth}, 99,
               99);
    end(s, sub);
}

Test(store_channels, too_much_memory_in_use_makes_histories_short)
{
    struct store *s = store_new(1000, 1, 10);
    struct subscriber *a = subscribe_in(s, "a", NULL),
                      *b = subscribe_in(s, "b", NULL);
    struct store_batch batch;
    int first;

    store_set_channels(s, 100, memory_of(80));
    for (int i = 0; i < 100; i++) {
        publish_and_leave(s, "a", i);
        publish(s, i);
    }
    cr_assert_eq(store_wait(s, a, in_ms(0), 1, &batch), STORE_MESSAGES);
    cr_expect(batch.gap);
    first = message_number(batch.messages[0]);
    cr_expect(first > 10 && first < 50, "%d", first);
    cr_expect_eq(store_stats(s).retained, (size_t)(100 - first) + 100);
    store_release(&batch);
    expect_messages(s, a, first + 1, 99);
    publish_and_leave(s, "b", 7); /* one is always kept */
    expect_messages(s, b, 7, 7);
    store_unsubscribe(s, a);
    end(s, b);
}

/* Each in use keeps one: so one that has no other is refused. */
Test(store_channels, too_much_memory_in_use_refuses_publishers)
{
    struct store *s = store_new(1000, 1, 10);
    struct subscriber *a = subscribe_in(s, "a", NULL),
                      *b = subscribe_in(s, "b", NULL);

    store_set_channels(s, 100, memory_of(1));
    publish_and_leave(s, "a", 1);
    publish_and_leave(s, "b", 2); /* is too much */
    cr_expect_null(store_enter(s, "a"));
    cr_expect_null(store_enter(s, "b"));
    cr_expect_null(store_enter(s, "c"));
    cr_expect_eq(count(s), 2);
    publish(s, 3); /* that is another channel */
    expect_messages(s, a, 1, 1);
    expect_messages(s, b, 2, 2);
    store_unsubscribe(s, a); /* a may go */
    publish_and_leave(s, "b", 4);
    expect_messages(s, b, 4, 4);
    end(s, b);
}

/* ---- threads --------------------------------------------------------------
 */

/* One turn for all channels: it goes round them in order. */
Test(store_channels, turns_are_for_all_channels)
{
    static const char *const names[] = {"a", "b", "", "a"};
    struct store *s = store_new(10, 1, 10);
    struct waiter w[COUNT(names)];

    for (size_t i = 0; i < COUNT(w); i++) {
        waiter_start(&w[i], s, subscribe_in(s, names[i], NULL),
                     in_ms(PATIENCE_MS));
        cr_assert(waiter_freeze(&w[i]));
    }
    publish_in(s, "b", 1);
    publish_in(s, "a", 1);
    publish(s, 1);
    cr_expect_eq(store_stats(s).free_turns, 0);
    waiter_thaw(&w[2]);
    waiter_thaw(&w[0]);
    waiter_thaw(&w[3]);
    for (size_t i = 0; i < COUNT(w); i++)
        cr_expect(i == 1 || !waiter_returned(&w[i]), "%zu has the turn", i);
    cr_expect_eq(store_stats(s).deliveries, 0);
    waiter_thaw(&w[1]);
    for (size_t i = 0; i < COUNT(w); i++)
        waiter_expect(&w[i], 1, 1);
    for (size_t i = 0; i < COUNT(w); i++)
        store_unsubscribe(s, w[i].sub);
    cr_expect_eq(store_stats(s).free_turns, 1);
    store_free(s);
}

Test(store_channels, heartbeats_and_the_end_reach_all_channels)
{
    static const char *const names[] = {"a", "", "b"};
    struct store *s = store_new(10, 1, 10);
    struct waiter w[COUNT(names)];
    int64_t now;

    for (size_t i = 0; i < COUNT(w); i++)
        waiter_start(&w[i], s, subscribe_in(s, names[i], NULL),
                     in_ms(PATIENCE_MS));
    now = clock_monotonic_ms();
    cr_expect_eq(store_heartbeat(s, now), INT64_MAX);
    for (size_t i = 0; i < COUNT(w); i++) {
        cr_expect_eq(waiter_join(&w[i]), STORE_HEARTBEAT);
        waiter_start(&w[i], s, w[i].sub, in_ms(PATIENCE_MS));
    }
    cr_expect(store_heartbeat(s, now - 1) >= now);
    store_close(s);
    for (size_t i = 0; i < COUNT(w); i++) {
        cr_expect_eq(waiter_join(&w[i]), STORE_CLOSED);
        cr_expect(w[i].in_time);
        store_unsubscribe(s, w[i].sub);
    }
    store_free(s);
}

/* A poke, or a look, may come late: the subscriber has left, its channel too.
 */
Test(store_channels, a_late_poke_does_no_harm)
{
    struct store *s = new_store(10, 5);
    struct subscriber *sub = subscribe_in(s, "a", NULL);

    store_unsubscribe(s, sub);
    cr_expect_eq(count(s), 0);
    store_poke(s, sub);
    store_place(s, sub);
    store_free(s);
}

/* ---- an earlier process ----------------------------------------------------
 */

static void restore(struct store *s, const char *channel, int from, int to)
{
    for (int i = from; i <= to; i++) {
        struct message *m = make_raw_message(channel, i);

        message_stamp(m, (struct event_id){10 + i, 0}, 10 + i);
        store_restore(s, m);
        message_unref(m);
    }
}

Test(store_channels, restored_ones_go_on)
{
    struct store *s = new_store(2, 2);
    const struct event_id first = {11, 0}, oldest = {12, 0};
    struct subscriber *sub;

    restore(s, "gone", 0, 0);
    restore(s, "a", 1, 3);
    restore(s, "b", 4, 5); /* one channel more than there may be */
    cr_expect_eq(count(s), 2);
    cr_expect_eq(store_stats(s).published, 0);
    sub = subscribe_in(s, "a", &first);
    expect_messages(s, sub, 2, 3);
    store_unsubscribe(s, sub);
    sub = subscribe_in(s, "a", &zero);
    expect_gap(s, sub, zero, &oldest, 2, 3);
    publish_in(s, "a", 6);
    expect_messages(s, sub, 6, 6);
    store_unsubscribe(s, sub);
    sub = subscribe_in(s, "gone", &zero);
    expect_gap(s, sub, zero, NULL, 0, -1);
    end(s, sub);
}
