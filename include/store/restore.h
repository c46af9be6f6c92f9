/*
 * restore: how messages of an earlier process come into the store.
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

#endif
