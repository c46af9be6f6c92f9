/*
 * subscribers: how a store is made, how its subscribers come and go, and how
 * others look at them.
 *
 * Threads: as in store.h.
 */
#ifndef CRIER_SUBSCRIBERS_H
#define CRIER_SUBSCRIBERS_H

#include "store/store.h"

/* Where a subscriber is; store.c says more. */
enum store_place { STORE_IDLE, STORE_READY, STORE_TURN, STORE_OUTSIDE };

struct store_stats {
    size_t subscribers;
    size_t turns;      /* in all, 0: no limit */
    size_t free_turns; /* 0 if there is no limit */
    int slow_ms;
    struct event_id last; /* id of the newest message, or of the start */
    size_t retained;      /* messages */
    uint64_t published;   /* since the start, as all below */
    uint64_t deliveries;  /* messages collected, by all subscribers */
    uint64_t gaps;
    uint64_t refused;   /* subscribers that found no room */
    uint64_t cut_short; /* subscribers that left a closed store too early */
    uint64_t unsent;    /* messages that these had not collected, together */
};

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
 * Adds a subscriber that gets every message after the id `after`, beginning
 * with those that are retained; "0" means all that are retained. With `after`
 * NULL it gets the messages published from now on. Returns NULL if there is no
 * room or memory left, or the store is closed. The caller ends it by
 * store_unsubscribe.
 *
 * Sets *last to the id after which it begins, also if there is no room: a
 * client that comes back with this id misses nothing.
 */
struct subscriber *store_subscribe(struct store *s,
                                   const struct event_id *after,
                                   struct event_id *last);

/* Ends the subscription; only the subscriber's own thread may call this, after
 * watch_remove. `sub` must not be used afterwards. */
void store_unsubscribe(struct store *s, struct subscriber *sub);

/*
 * Collects what a subscriber after this id would collect now, without a
 * subscription and without a turn. Returns false if that is nothing. The
 * caller gives the batch back by store_release.
 */
bool store_peek(struct store *s, struct event_id after,
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

/* The id that was given last; before the first message, one that is before
 * all. */
struct event_id store_newest(struct store *s);

struct store_stats store_stats(struct store *s);

/*
 * Finds the subscribers that are furthest behind and write messages that have
 * left the history, at most LIMIT_CUT of them. Returns how many they are.
 */
size_t store_slowest(struct store *s, const struct subscriber **slowest);

/* Where the subscriber is now. If it has left, the answer means nothing, but
 * the question does no harm (see store_poke). */
enum store_place store_place(struct store *s, const struct subscriber *sub);

#endif
