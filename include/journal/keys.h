/*
 * keys: what publishers call the messages of a store, while it retains them.
 *
 * A post with a key claims the key first, and then publishes. Whoever comes
 * with the same key meanwhile waits; that is short, since nobody who has
 * claimed one waits for a disk. A key that is in use leads to its message's id,
 * and the store says whether it still retains that message. Keys whose messages
 * have left are forgotten a few at a time, as other messages come.
 *
 * A key of a message in a channel with a name takes memory of the channels.
 *
 * The keys are in a tree, not in a hash table: who picks them cannot make the
 * search slow.
 *
 * Threads: every function may be called by any thread, but keys_new and
 * keys_free. One mutex guards the keys. It is a leaf, so the store is asked
 * outside.
 */
#ifndef CRIER_KEYS_H
#define CRIER_KEYS_H

#include "store/store.h"

struct keys;

/* NULL if memory runs out. */
struct keys *keys_new(struct store *s);

/*
 * True: the key is the caller's, who must call keys_settle. False: a retained
 * message has it, and *known is that message, with a reference for the caller;
 * or NULL if memory runs out.
 */
bool keys_claim(struct keys *k, const char *key, struct message **known);

/* The message is published, or NULL: nothing is. */
void keys_settle(struct keys *k, const char *key, const struct message *m);

/* Forgets keys whose messages have left, a few at most. Costs next to nothing
 * if there are no keys. */
void keys_sweep(struct keys *k);

/* How many there are, with those that nobody has noticed to be gone. */
size_t keys_count(struct keys *k);

void keys_free(struct keys *k);

#endif
