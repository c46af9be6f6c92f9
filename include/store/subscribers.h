/*
 * subscribers: how a store is made, and how its subscribers come and go.
 *
 * Threads: as in store.h.
 */
#ifndef CRIER_SUBSCRIBERS_H
#define CRIER_SUBSCRIBERS_H

#include "store/store.h"

/*
 * A store that keeps the newest `history` messages (at least 1), has `turns`
 * turns (0: no limit, the thundering herd) and room for `max_subscribers`.
 * NULL if memory runs out.
 *
 * One turn more than there are cores is a good number: it keeps the cores busy
 * while a turn travels. More turns make each message later.
 */
struct store *store_new(size_t history, size_t turns, size_t max_subscribers);

/* Frees the store and its messages. No subscriber may be left. */
void store_free(struct store *s);

/* Sets what pays for messages that have left the history, while subscribers
 * still write them. Before the first message. */
void store_set_budget(struct store *s, struct budget *budget);

/*
 * Adds a subscriber of the channel with this name ("": that of /update), which
 * gets every message after the id `after`, beginning with those that are
 * retained; "0" means all that are retained. With `after` NULL it gets the
 * messages published from now on. Returns NULL if there is no room, no place
 * for the channel or no memory left, or the store is closed. The caller ends it
 * by store_unsubscribe.
 *
 * Sets *last to the id after which it begins, also if there is no room: a
 * client that comes back with this id misses nothing, or gets a gap.
 */
struct subscriber *store_subscribe(struct store *s, const char *channel,
                                   const struct event_id *after,
                                   struct event_id *last);

/* Ends the subscription; only the subscriber's own thread may call this, after
 * watch_remove. `sub` must not be used afterwards. */
void store_unsubscribe(struct store *s, struct subscriber *sub);

/*
 * Collects what a subscriber of the channel after this id would collect now,
 * without a subscription and without a turn; a channel that is not there does
 * not come. Returns false if that is nothing. The caller gives the batch back
 * by store_release. Its `channel` means nothing.
 */
bool store_peek(struct store *s, const char *channel, struct event_id after,
                struct store_batch *batch);

/*
 * Makes a store_wait of this subscriber, the current or the next one, return
 * STORE_POKED. The subscriber may have left: its memory stays valid until
 * store_free and may belong to another subscriber; an extra poke does no harm.
 */
void store_poke(struct store *s, struct subscriber *sub);

/* From now on nobody can subscribe or publish. Every subscriber collects what
 * it still has to get, and then STORE_CLOSED. */
void store_close(struct store *s);

/* The same, but every subscriber gets STORE_CLOSED at once. */
void store_abandon(struct store *s);

#endif
