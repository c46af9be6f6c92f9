/* history: the ring, and what is known to be lost. */
#include "unit.h"

#include "store/history.h"

enum { START = 1000 }; /* ms: when the history begins */

/* Adds messages number `from` to `to`, a millisecond each, from START + 1. */
static void add(struct history *h, int from, int to)
{
    for (int i = from; i <= to; i++) {
        struct message *m = make_message(i);

        message_unref(history_add(h, m, START + 1 + i));
        message_unref(m);
    }
}

static struct event_id id_of(int number)
{
    return (struct event_id){START + 1 + number, 0};
}

Test(history, keeps_the_newest)
{
    for (size_t size = 1; size <= 4; size++)
        for (int newest = -1; newest < 10; newest++) {
            struct history h;

            cr_assert_eq(history_init(&h, size, START), 0);
            add(&h, 0, newest);
            cr_expect_eq(h.next, (uint64_t)(newest + 1));
            cr_expect_eq(h.oldest, h.next > size ? h.next - size : 0);
            for (uint64_t i = h.oldest; i < h.next; i++)
                cr_expect_eq(message_number(history_at(&h, i)), (int)i);
            history_destroy(&h);
        }
}

/* The ring grows, also where it begins in the middle. */
Test(history, keeps_its_messages_while_it_grows)
{
    enum { SIZE = 200 };

    for (int dropped = 0; dropped < 20; dropped++) {
        struct history h;

        cr_assert_eq(history_init(&h, SIZE, START), 0);
        add(&h, 0, dropped);
        while (h.oldest < (uint64_t)dropped)
            message_unref(history_drop(&h));
        add(&h, dropped + 1, dropped + SIZE - 1);
        cr_expect_eq(h.oldest, (uint64_t)dropped);
        cr_expect_eq(h.next - h.oldest, SIZE);
        for (uint64_t i = h.oldest; i < h.next; i++)
            cr_expect_eq(message_number(history_at(&h, i)), (int)i);
        history_destroy(&h);
    }
}

/* Each channel has one: an empty one must cost nothing. */
Test(history, takes_memory_for_what_it_holds)
{
    struct history h;

    cr_assert_eq(history_init(&h, 1000000000, START), 0);
    add(&h, 0, 100);
    for (int i = 101; i < 10000; i++) {
        message_unref(history_drop(&h));
        add(&h, i, i);
    }
    cr_expect_eq(h.next - h.oldest, 101);
    cr_expect_leq(h.ring.room, 256);
    history_destroy(&h);
}

Test(history, evicts_in_order)
{
    struct history h;

    cr_assert_eq(history_init(&h, 3, START), 0);
    for (int i = 0; i < 10; i++) {
        struct message *m = make_message(i);
        struct message *evicted = history_add(&h, m, START + i);

        message_unref(m);
        cr_expect_eq(evicted != NULL, i >= 3);
        if (evicted)
            cr_expect_eq(message_number(evicted), i - 3);
        message_unref(evicted);
    }
    history_destroy(&h);
}

Test(history, finds_the_first_after_an_id)
{
    struct history h;

    cr_assert_eq(history_init(&h, 5, START), 0);
    cr_expect_eq(history_find(&h, (struct event_id){0, 0}), 0);
    cr_expect_eq(history_find(&h, id_of(0)), 0);
    add(&h, 0, 7); /* 3 to 7 are retained */
    cr_expect_eq(history_find(&h, (struct event_id){0, 0}), 3);
    for (int i = 0; i < 8; i++) {
        struct event_id between = id_of(i);

        between.nth = 1;
        cr_expect_eq(history_find(&h, id_of(i)), (uint64_t)(i < 3 ? 3 : i + 1));
        cr_expect_eq(history_find(&h, between), (uint64_t)(i < 3 ? 3 : i + 1));
    }
    cr_expect_eq(history_find(&h, (struct event_id){INT64_MAX, 0}), 8);
    history_destroy(&h);
}

Test(history, knows_what_is_lost)
{
    const struct event_id zero = {0, 0}, earlier = {START - 1, 0};
    struct history h;

    cr_assert_eq(history_init(&h, 3, START), 0);
    for (int newest = -1; newest < 10; newest++) {
        if (newest >= 0)
            add(&h, newest, newest);
        cr_expect_eq(history_lost(&h, zero), newest >= 3, "%d", newest);
        cr_expect(history_lost(&h, earlier), "another life's id");
        for (int i = 0; i <= newest; i++)
            cr_expect(history_lost(&h, id_of(i)) == (i < newest - 3),
                      "%d of %d", i, newest);
        cr_expect(history_lost(&h, (struct event_id){INT64_MAX, 0}), "future");
        if (newest >= 0)
            cr_expect(history_lost(&h, (struct event_id){id_of(newest).ms, 9}),
                      "never given");
    }
    history_destroy(&h);
}

/* Whoever has the newest message has missed nothing, whatever the clock did
 * since the start. */
Test(history, clock_steps_back)
{
    struct message *a = make_message(1), *b = make_message(2);
    struct history h;

    cr_assert_eq(history_init(&h, 3, START), 0);
    history_add(&h, a, START - 500);
    history_add(&h, b, START - 600);
    cr_expect_lt(event_id_compare(message_id(a), message_id(b)), 0);
    cr_expect_eq(history_find(&h, message_id(a)), 1);
    cr_expect_not(history_lost(&h, message_id(a)));
    cr_expect_not(history_lost(&h, message_id(b)));
    message_unref(a);
    message_unref(b);
    history_destroy(&h);
}

Test(history, many_in_one_millisecond)
{
    struct event_id last = {0, 0};
    struct history h;

    cr_assert_eq(history_init(&h, 2, START), 0);
    for (uint64_t i = 0; i < 100; i++) {
        struct message *m = make_message(0);
        struct event_id id;

        message_unref(history_add(&h, m, START + 5));
        id = message_id(m);
        cr_expect(id.ms == START + 5 && id.nth == i);
        cr_expect_lt(event_id_compare(last, id), 0);
        cr_expect_eq(event_id_compare(h.last, id), 0);
        last = id;
        message_unref(m);
    }
    history_destroy(&h);
}

/* A journal gives ids, too: the history goes on after them. */
Test(history, a_stamped_message_keeps_its_id)
{
    const struct event_id id = {START + 7, 3};
    struct message *a = make_message(1), *b = make_message(2);
    struct history h;

    cr_assert_eq(history_init(&h, 3, START), 0);
    message_stamp(a, id, START + 6);
    history_add(&h, a, START + 100);
    cr_expect_eq(event_id_compare(message_id(a), id), 0);
    cr_expect_eq(event_id_compare(h.last, id), 0);
    history_add(&h, b, START + 1);
    cr_expect(message_id(b).ms == id.ms && message_id(b).nth == 4);
    message_unref(a);
    message_unref(b);
    history_destroy(&h);
}
