/*
 * restore: how messages of an earlier process come into the store, and how it
 * goes on when some are gone.
 */
#ifndef CRIER_RESTORE_H
#define CRIER_RESTORE_H

#include "store/store.h"

/*
 * Adds a stamped message, which does not count as published. Before anybody
 * subscribes, the oldest message first. If one more is restored than the store
 * keeps, the store knows that there were others before.
 */
void store_restore(struct store *s, struct message *m);

/* Begins behind this id instead of now, before the first message. `forgot`: it
 * was not the first one, so there are others before. */
void store_begin(struct store *s, struct event_id id, bool forgot);

/*
 * Messages are gone that nobody has had. Forgets all that are retained, and
 * wakes every subscriber, which gets a gap. Between two calls of store_publish.
 */
void store_tear(struct store *s);

#endif
