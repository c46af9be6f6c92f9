/*
 * gap: tells a client, in its stream, that messages it has not got are gone.
 */
#ifndef CRIER_GAP_H
#define CRIER_GAP_H

#include "store/store.h"

enum { GAP_SIZE = 2 * EVENT_ID_SIZE + 64 };

/*
 * Prints {"after":"ID","oldest":"ID"} for a batch that has a gap: the client
 * had everything up to `after`; `oldest` is the oldest retained id, or null.
 * Returns the length.
 */
size_t gap_json(char out[GAP_SIZE], const struct store_batch *batch);

/* Prints the same as an event. The event has no id: line, so that the client
 * keeps its own last id. Returns the length. */
size_t gap_event(char out[GAP_SIZE], const struct store_batch *batch);

#endif
