/*
 * block: the memory of a store's subscribers and channels. Private: see
 * store_private.h.
 */
#ifndef CRIER_BLOCK_H
#define CRIER_BLOCK_H

#include "store/store_private.h"

enum { STORE_BLOCK = 64 };

/* Made many at a time. If each thread called malloc for its own, malloc would
 * give each thread a cache, which costs more than the subscriber. */
struct block {
    struct block *next;
    struct subscriber subscribers[STORE_BLOCK];
};

/* Unlocks, and frees the channels that have gone. Needs the mutex. */
void store_unlock_and_bury(struct store *s);

#endif
