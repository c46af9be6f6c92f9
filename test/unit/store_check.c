/* store_check: see store_check.h. */
#include "store_check.h"

#include "unit.h"

#include <inttypes.h>

static struct event_id publish_message(struct store *s, struct message *m)
{
    struct event_id id;

    store_publish(s, m);
    id = message_id(m);
    message_unref(m);
    return id;
}

struct event_id publish(struct store *s, int number)
{
    return publish_message(s, make_message(number));
}

struct event_id publish_in(struct store *s, const char *channel, int number)
{
    return publish_message(s, make_raw_message(channel, number));
}

void publish_all(struct store *s, int from, int to, struct event_id *ids)
{
    for (int i = from; i <= to; i++) {
        struct event_id id = publish(s, i);

        if (ids)
            ids[i] = id;
    }
}

struct subscriber *subscribe_in(struct store *s, const char *channel,
                                const struct event_id *after)
{
    struct event_id last;
    struct subscriber *sub = store_subscribe(s, channel, after, &last);

    cr_assert(sub != NULL);
    return sub;
}

struct subscriber *subscribe_live(struct store *s)
{
    return subscribe_in(s, "", NULL);
}

struct subscriber *subscribe_after(struct store *s, struct event_id after)
{
    return subscribe_in(s, "", &after);
}

void expect_batch(struct store_batch *batch, int from, int to)
{
    size_t wanted = from <= to ? (size_t)(to - from + 1) : 0;

    cr_expect(batch->count == wanted, "%zu messages, not %d to %d",
              batch->count, from, to);
    for (size_t i = 0; i < batch->count; i++) {
        int number = message_number(batch->messages[i]);

        cr_expect(number == from + (int)i, "message %d in place of %d", number,
                  from + (int)i);
        message_unref(batch->messages[i]);
    }
}

void expect_messages(struct store *s, struct subscriber *sub, int from, int to)
{
    while (from <= to) {
        struct store_batch batch;
        enum store_news news =
            store_wait(s, sub, in_ms(0), LIMIT_BATCH, &batch);
        int last = from + LIMIT_BATCH - 1 < to ? from + LIMIT_BATCH - 1 : to;

        cr_assert(news == STORE_MESSAGES, "news %d, not %d to %d", news, from,
                  to);
        cr_expect(!batch.gap, "a gap before %d", from);
        expect_batch(&batch, from, last);
        from = last + 1;
    }
}

static void expect_id(struct event_id got, struct event_id wanted,
                      const char *what)
{
    cr_expect(event_id_compare(got, wanted) == 0,
              "%s %" PRId64 "-%" PRIu64 ", not %" PRId64 "-%" PRIu64, what,
              got.ms, got.nth, wanted.ms, wanted.nth);
}

void expect_gap(struct store *s, struct subscriber *sub, struct event_id after,
                const struct event_id *oldest, int from, int to)
{
    struct store_batch batch;
    enum store_news news = store_wait(s, sub, in_ms(0), LIMIT_BATCH, &batch);

    cr_assert(news == STORE_MESSAGES, "news %d, no gap", news);
    cr_assert(batch.gap, "no gap before %d", from);
    expect_id(batch.gap_after, after, "after");
    cr_expect_eq(batch.has_oldest, oldest != NULL);
    if (oldest)
        expect_id(batch.oldest, *oldest, "oldest");
    expect_batch(&batch, from, to);
}

void expect_nothing(struct store *s, struct subscriber *sub)
{
    struct store_batch batch;
    enum store_news news = store_wait(s, sub, in_ms(0), LIMIT_BATCH, &batch);

    cr_expect(news == STORE_TIMEOUT, "news %d where nothing is to be had",
              news);
}
