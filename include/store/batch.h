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

#endif
