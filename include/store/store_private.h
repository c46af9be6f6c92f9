/*
 * store_private: the inside of the store. Only the sources beside store.c
 * include it.
 */
#ifndef CRIER_STORE_PRIVATE_H
#define CRIER_STORE_PRIVATE_H

#include "base/list.h"
#include "base/lock.h"
#include "store/channels.h"
#include "store/slow_motion.h"
#include "store/store.h"
#include "store/trace.h"

struct subscriber {
    pthread_cond_t wake; /* used with the store's mutex */

    /* Guarded by the store's mutex. */
    pid_t thread;     /* that subscribed; 0: in spare */
    struct list link; /* in its channel's idle, ready, spare, or in none */
    bool has_turn;
    bool poked;
    bool beat;            /* in ready for a heartbeat */
    bool gap;             /* messages after `last` were gone when it came */
    int64_t since;        /* when it became idle; ms, monotonic */
    uint64_t cursor;      /* number of the message that it wants next */
    struct event_id last; /* the last id it received, or asked to start after */
    struct channel *channel;
};

struct store {
    pthread_mutex_t mutex;

    /* Set once by store_new. */
    size_t turns, max_subscribers;
    struct budget *budget; /* for messages that have left the history */
    struct trace trace;

    /* Guarded by the mutex. */
    struct channels channels;
    struct list ready;    /* of all channels */
    struct list spare;    /* subscribers to be used, or used again */
    struct block *blocks; /* their memory, see block.h */
    size_t free_turns;
    bool closed, abandoned;
    struct slow_motion slow;
    size_t subscribers;
    uint64_t deliveries, gaps, refused, cut_short, unsent;
};

/* True if there is more to send than a heartbeat. Needs the mutex. */
static inline bool store_has_news(struct store *s, const struct subscriber *sub)
{
    lock_assert_held(&s->mutex);
    return sub->gap || sub->cursor < sub->channel->history.next;
}

/* True if the subscriber gets nothing more. Needs the mutex. */
static inline bool store_ended(struct store *s, const struct subscriber *sub)
{
    return s->abandoned || (s->closed && !store_has_news(s, sub));
}

/* Moves the cursor over at most max messages and puts them into the batch.
 * Needs the mutex. */
void store_collect(struct store *s, struct subscriber *sub, size_t max,
                   struct store_batch *batch);

/* Gives away the free turns, unlocks, and signals. Needs the mutex. */
void store_unlock_and_wake(struct store *s);

/* Slow motion: keeps a turn for a time. Needs the mutex, and releases it
 * meanwhile. */
void store_keep_turn(struct store *s);

#endif
