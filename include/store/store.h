/*
 * store: the newest messages, and the subscribers that wait for the next one.
 *
 * One mutex guards all of it. Each channel (channels.h) has a history of
 * numbered messages. A subscriber is a cursor, the number of the message that
 * it wants next, and a condition variable of its own. There is no queue for
 * each subscriber: a slow subscriber falls behind and delays nobody.
 *
 * Turns. If all subscribers were woken at once, thousands of threads would
 * fight for the mutex. So subscribers wait in lists: the channel's `idle`,
 * nothing to send, and `ready` of all channels, messages to send. Publishing
 * moves all of `idle` behind `ready`, and gives the free turns to the first of
 * `ready`. A subscriber that has a turn collects its messages, passes the turn
 * on, and only then, outside the store, writes them to its socket. So only a
 * few threads are awake at a time, turns go round in order, and a blocked
 * writer holds up nothing.
 *
 * Threads: every function may be called by any thread; it takes and releases
 * the store's mutex. No other lock is taken under that mutex, and no I/O is
 * done. subscribers.h says how subscribers come and go.
 */
#ifndef CRIER_STORE_H
#define CRIER_STORE_H

#include "store/batch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_FOREVER INT64_MAX

struct store;
struct subscriber;

/* What ended a store_wait. */
enum store_news {
    STORE_MESSAGES,  /* the batch holds a gap, messages or both */
    STORE_HEARTBEAT, /* no message for a heartbeat interval */
    STORE_POKED,     /* another thread called store_poke */
    STORE_TIMEOUT,   /* the deadline passed */
    STORE_CLOSED,    /* the store is closed, and everything is collected */
};

/*
 * Gives the message its id, adds it to its channel's history, and wakes the
 * subscribers that wait for it. A message that has an id already keeps it; it
 * must be greater than all before. The store takes a reference of its own; the
 * caller keeps its reference. False if the store is closed, or has no place for
 * the channel (publishers.h): then nobody gets the message.
 */
bool store_publish(struct store *s, struct message *m);

/*
 * Blocks until there are messages for the subscriber and it has a turn, or
 * another event of enum store_news happens. Only the subscriber's own thread
 * may call this.
 *
 * The deadline is in milliseconds on the monotonic clock. STORE_FOREVER costs
 * less, since the kernel then needs no timer. A subscriber that has messages
 * waits for its turn even after the deadline.
 *
 * Collects messages in order, at most `max`, LIMIT_BATCH, and LIMIT_BATCH_BYTES
 * or the message that exceeds it. The caller owns one reference to each and
 * gives it back by store_release.
 */
enum store_news store_wait(struct store *s, struct subscriber *sub,
                           int64_t deadline, size_t max,
                           struct store_batch *batch);

#endif
