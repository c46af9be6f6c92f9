/*
 * store_private: the store from within, for store.c, where messages travel,
 * subscribers.c, where subscribers come and go, and store_view.c, for who looks
 * on. Nobody else includes it.
 */
#ifndef CRIER_STORE_PRIVATE_H
#define CRIER_STORE_PRIVATE_H

#include "history.h"
#include "list.h"
#include "store.h"

#include <pthread.h>

struct subscriber {
    pthread_cond_t wake; /* used with the store's mutex */

    /* Guarded by the store's mutex. */
    struct list link; /* in idle, in ready, in spare, or in none */
    bool has_turn;
    bool poked;
    bool gap;             /* messages after `last` were gone when it came */
    int64_t since;        /* it is idle; ms, monotonic */
    uint64_t cursor;      /* number of the message that it wants next */
    struct event_id last; /* it has, or asked for no, messages up to here */
};

struct store {
    pthread_mutex_t mutex;

    /* Set once by store_new. */
    pthread_condattr_t monotonic;
    size_t turns, max_subscribers;

    /* Guarded by the mutex. */
    struct history history;
    struct list idle;
    struct list ready;
    struct list spare;    /* subscribers to be used, or used again */
    struct block *blocks; /* where they are; subscribers.c */
    size_t free_turns;
    bool closed;
    int slow_ms;            /* see store_slow */
    pthread_cond_t speeded; /* slow_ms has changed, or the store is closed */
    size_t subscribers;
    uint64_t deliveries, gaps, refused;
};

/* Is there something to send but a heartbeat? The mutex is held. */
static inline bool store_has_news(const struct store *s,
                                  const struct subscriber *sub)
{
    return sub->gap || sub->cursor < s->history.next;
}

/* Moves the cursor over at most max messages and hands them out. The mutex is
 * held. */
void store_collect(struct store *s, struct subscriber *sub, size_t max,
                   struct store_batch *batch);

/* Slow motion: keeps a turn for slow_ms. The mutex is held, but released
 * meanwhile. */
void store_keep_turn(struct store *s);

#endif
