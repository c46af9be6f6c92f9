/*
 * inspect: the store for those that look at it: figures, and where subscribers
 * are.
 *
 * Threads: as in store.h.
 */
#ifndef CRIER_INSPECT_H
#define CRIER_INSPECT_H

#include "store/channels.h"
#include "store/slow_motion.h"
#include "store/store.h"
#include "store/trace.h"

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
    struct event_id last;   /* of /update's channel: id of the newest message,
                             * or of the start */
    size_t retained;        /* messages, of all channels */
    size_t channels;        /* that have a name */
    uint64_t channels_removed; /* since the start, as all below */
    uint64_t published;
    uint64_t deliveries; /* messages collected, by all subscribers */
    uint64_t gaps;
    uint64_t refused;   /* subscribers that found no room */
    uint64_t cut_short; /* subscribers that left a closed store too early */
    uint64_t unsent;    /* messages that these had not collected, together */
};

/* The id that was given last, in any channel; before the first message, one
 * that is before all. */
struct event_id store_newest(struct store *s);

/* The same in the channel with this name. */
struct event_id store_newest_of(struct store *s, const char *channel);

struct store_stats store_stats(struct store *s);

/* A channel with a name. */
struct store_channel {
    char name[CHANNEL_NAME_SIZE];
    size_t subscribers;
    uint64_t published; /* since it came */
};

/* The channels with a name that have been there longest, at most `max`. Returns
 * how many they are. */
size_t store_channels(struct store *s, struct store_channel *channels,
                      size_t max);

/* The name of the subscriber's channel; as store_place. */
void store_channel_of(struct store *s, const struct subscriber *sub,
                      char name[CHANNEL_NAME_SIZE]);

/* The retained message of the channel with this id, and a reference to it for
 * the caller. NULL if there is none. */
struct message *store_find(struct store *s, const char *channel,
                           struct event_id id);

/*
 * Finds the subscribers that are furthest behind and write messages that have
 * left the history, at most LIMIT_CUT of them. Returns how many they are.
 */
size_t store_slowest(struct store *s, const struct subscriber **slowest);

/* Where the subscriber is now. If it has left, the answer means nothing, but
 * the question does no harm (see store_poke). */
enum store_place store_place(struct store *s, const struct subscriber *sub);

/* What its threads did lately. */
struct trace *store_trace(struct store *s);

#endif
