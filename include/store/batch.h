/*
 * batch: what a subscriber collects in one turn.
 */
#ifndef CRIER_BATCH_H
#define CRIER_BATCH_H

#include "base/limit.h"
#include "store/event_id.h"
#include "store/message.h"

#include <stdbool.h>
#include <stddef.h>

struct store_batch {
    size_t count;
    struct message *messages[LIMIT_BATCH]; /* one reference each */
    bool gap; /* messages after gap_after, before all of these, are gone */
    struct event_id gap_after;
    bool has_oldest;        /* messages are retained, */
    struct event_id oldest; /* the oldest under this id; or else none is, and
                             * each that comes has an id after this one */
    const char *channel;    /* valid until store_unsubscribe */
};

/* Gives back the references that a batch holds. */
void store_release(struct store_batch *batch);

/* True if the message with this id is in memory, behind the gap, or will be. */
bool store_comes_later(const struct store_batch *batch, struct event_id id);

/*
 * The messages of `page` are the first of those that the batch's gap has. Sets
 * the rest of the page, and what is left of the gap. `known`: nothing between
 * gap_after and the page is gone; `more`: there may be others behind it.
 */
void store_fill_gap(struct store_batch *batch, struct store_batch *page,
                    bool known, bool more);

#endif
