/*
 * inspect: the store for those that look at it: figures, and where subscribers
 * are.
 *
 * Threads: as in store.h.
 */
#ifndef CRIER_INSPECT_H
#define CRIER_INSPECT_H

#include "store/slow_motion.h"
#include "store/store.h"

/* Where a subscriber is; store.c says more. */
enum store_place { STORE_IDLE, STORE_READY, STORE_TURN, STORE_OUTSIDE };

struct store_stats {
    size_t subscribers;
    size_t turns;      /* in all, 0: no limit */
    size_t free_turns; /* 0 if there is no limit */
    int slow_ms;
    bool stepping;          /* step by step: see slow.h */
    int64_t step_left_ms;   /* until slow motion ends without another step */
    char step_by[SLOW_WHO]; /* who made the latest one */
    struct event_id last;   /* id of the newest message, or of the start */
    size_t retained;        /* messages */
    uint64_t published;     /* since the start, as all below */
    uint64_t deliveries;    /* messages collected, by all subscribers */
    uint64_t gaps;
    uint64_t refused;   /* subscribers that found no room */
    uint64_t cut_short; /* subscribers that left a closed store too early */
    uint64_t unsent;    /* messages that these had not collected, together */
};

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
