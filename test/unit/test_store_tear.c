/*
 * store: messages are gone that nobody has had. Everybody is told, whatever it
 * had and wherever it was.
 */
#include "store_check.h"
#include "unit.h"

#include "store/inspect.h"
#include "store/restore.h"

TestSuite(store_tear, .timeout = TEST_SECONDS);

/* The next batch has a gap, and `count` messages. */
static void expect_torn(struct store *s, struct subscriber *sub, size_t count)
{
    struct store_batch batch;

    cr_assert_eq(store_wait(s, sub, in_ms(0), LIMIT_BATCH, &batch),
                 STORE_MESSAGES);
    cr_expect(batch.gap);
    cr_expect_eq(batch.count, count, "%zu", batch.count);
    store_release(&batch);
}

Test(store_tear, everybody_gets_a_gap)
{
    struct store *s = store_new(100, 1, 2);
    struct event_id ids[10];
    struct subscriber *idle, *behind;

    publish_all(s, 0, 4, ids);
    idle = subscribe_after(s, ids[4]);
    behind = subscribe_after(s, ids[2]);
    expect_nothing(s, idle);
    store_tear(s);
    cr_expect_eq(store_stats(s).retained, 0);
    expect_torn(s, idle, 0);
    publish(s, 5);
    expect_messages(s, idle, 5, 5);
    expect_torn(s, behind, 1);
    expect_nothing(s, behind);
    cr_expect_eq(store_stats(s).published, 6);
    store_unsubscribe(s, idle);
    store_unsubscribe(s, behind);
    /* Who comes back with an id of before is told, too. */
    idle = subscribe_after(s, ids[3]);
    expect_torn(s, idle, 1);
    store_unsubscribe(s, idle);
    store_free(s);
}

Test(store_tear, it_may_begin_behind_others)
{
    const struct event_id zero = {0, 0}, start = {1, 0};
    struct store *s = store_new(100, 1, 1);
    struct subscriber *sub;

    store_begin(s, start, true);
    publish(s, 0);
    sub = subscribe_after(s, start);
    expect_messages(s, sub, 0, 0);
    store_unsubscribe(s, sub);
    sub = subscribe_after(s, zero);
    expect_torn(s, sub, 1);
    store_unsubscribe(s, sub);
    store_free(s);
}
