/* range: see range.h. */
#include "journal/redis/range.h"

#include "base/clock.h"
#include "base/log.h"
#include "journal/redis/entry.h"
#include "journal/redis/stream.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdio.h>

/* What the transaction tells: the stream's state, and its entries from an id
 * on. NULL if it does not. */
static struct redisReply *ask(struct wire *w, struct event_id from, size_t n)
{
    const int64_t deadline = clock_deadline(LIMIT_BROKER_MS);
    struct redisReply *reply = NULL;
    char id[ENTRY_ID_SIZE], count[16];

    snprintf(count, sizeof count, "%zu", n);
    entry_id_print(from, id);
    wire_put_words(w, (const char *const[]){"MULTI", NULL});
    stream_ask_state(w);
    wire_put_words(w, (const char *const[]){"XRANGE", w->url->key, id, "+",
                                            "COUNT", count, NULL});
    wire_put_words(w, (const char *const[]){"EXEC", NULL});
    if (!wire_send(w, deadline))
        return NULL;
    for (int i = 0; i < 3; i++) /* that they wait for EXEC */
        wire_free(wire_hear(w, deadline));
    reply = wire_hear_good(w, deadline);
    if (reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
        reply->element[1]->type == REDIS_REPLY_ARRAY)
        return reply;
    if (reply)
        snprintf(w->error, sizeof w->error, "an answer that is none");
    wire_free(reply);
    return NULL;
}

struct reading {
    const struct broker *broker;
    const struct store_batch *batch;
    struct store_batch *page;
    size_t max, bytes;
    size_t ask;           /* entries at a time */
    struct event_id last; /* the latest entry */
    bool known;           /* nothing is gone before the page */
    bool done;            /* it has reached what is in memory */
};

static bool is_full(const struct reading *r)
{
    return r->page->count == r->max || r->bytes >= LIMIT_BATCH_BYTES;
}

/* Adds the message of an entry. False if memory runs out. */
static bool add(struct reading *r, const struct redisReply *entry)
{
    struct message *m;
    struct event_id id;

    if (!entry_id(entry, &id) || event_id_compare(id, r->last) <= 0)
        return true;
    r->done = store_comes_later(r->batch, id);
    if (r->done)
        return true;
    r->last = id;
    if (!entry_is_of(entry, r->batch->channel))
        return true;
    m = entry_message(entry, r->broker->options.retry_ms);
    if (!m && errno)
        return false;
    if (!m) /* the start, or what the follower has logged */
        return true;
    r->bytes += message_event(m).len;
    r->page->messages[r->page->count++] = m;
    return true;
}

/* Whether all entries behind the id that the client has are still there. */
static bool is_known(const struct stream_state *state, struct event_id after)
{
    const struct event_id zero = {0, 0};

    if (event_id_compare(after, zero) == 0)
        return state->whole;
    return state->any && event_id_compare(state->oldest, after) <= 0;
}

/* Asks once, and adds what fits. False if that fails. */
static bool read_some(struct reading *r, struct wire *w)
{
    const struct event_id from = r->last;
    struct redisReply *reply = ask(w, from, r->ask);
    const struct redisReply *entries = reply ? reply->element[1] : NULL;
    struct stream_state state;
    bool well = reply && stream_read_state(reply->element[0], &state);

    if (well && event_id_compare(from, r->batch->gap_after) == 0)
        r->known = is_known(&state, from);
    for (size_t i = 0; well && i < entries->elements; i++) {
        if (is_full(r) || r->done)
            break;
        well = add(r, entries->element[i]);
    }
    if (well && !is_full(r) && entries->elements < r->ask)
        r->done = true;
    wire_free(reply);
    return well;
}

bool range_read(struct broker *b, struct wire *w, struct store_batch *batch,
                size_t max, struct store_batch *page)
{
    struct reading r = {.broker = b,
                        .batch = batch,
                        .page = page,
                        .max = max,
                        .ask = max + 1,
                        .last = batch->gap_after};

    /* Most entries may be of other channels. */
    for (; page->count == 0 && !r.done; r.ask *= r.ask < 1000 ? 2 : 1)
        if (!read_some(&r, w))
            return false;
    store_fill_gap(batch, page, r.known, !r.done);
    return true;
}
