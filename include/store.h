/*
 * store: the newest messages, and the subscribers that wait for the next one.
 *
 * One mutex guards all of it. Messages stand in a history (history.h), numbered
 * from 0 on; a subscriber is a cursor, the number of the message that it wants
 * next, and a condition variable of its own. There is no queue for each
 * subscriber: a slow one only falls behind and delays nobody.
 *
 * Turns. Waking everybody at once makes thousands of threads fight for the
 * mutex. Instead subscribers stand in one of two lists: `idle`, nothing to
 * send, and `ready`, messages to send. Publishing moves all of `idle` behind
 * `ready`, and gives the free turns to the first of `ready`. Whoever has a
 * turn collects its messages, passes the turn on, and only then, outside the
 * store, writes them to its socket. So only a few threads are awake at a time,
 * turns go round in order, and a blocked writer holds up nothing.
 *
 * Threads: every function may be called by any thread, and takes and releases
 * the store's mutex; no other lock of ours is taken under it, and no I/O done.
 * A struct subscriber is used by one thread, but for store_poke and
 * store_place.
 */
#ifndef CRIER_STORE_H
#define CRIER_STORE_H

#include "event_id.h"
#include "message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STORE_BATCH = 64 }; /* messages collected in one turn, at most */

#define STORE_FOREVER INT64_MAX

struct store;
struct subscriber;

/* What ended a store_wait. */
enum store_news {
    STORE_MESSAGES,  /* the batch holds a gap, messages or both */
    STORE_HEARTBEAT, /* nothing, for so long that it was due */
    STORE_POKED,     /* somebody called store_poke */
    STORE_TIMEOUT,   /* the deadline passed */
    STORE_CLOSED,    /* store_close was called and everything is collected */
};

/* What a turn collected. */
struct store_batch {
    size_t count;
    struct message *messages[STORE_BATCH]; /* a reference each */
    bool gap; /* first of all, messages after gap_after are gone */
    struct event_id gap_after;
    bool has_oldest; /* false: no message is retained at all */
    struct event_id oldest;
};

/* Where a subscriber is; store.c says more. */
enum store_place { STORE_IDLE, STORE_READY, STORE_TURN, STORE_OUTSIDE };

struct store_stats {
    size_t subscribers;
    size_t turns;      /* in all, 0: without limit */
    size_t free_turns; /* 0 if they are without limit */
    int slow_ms;
    struct event_id last; /* id of the newest message, or of the start */
    size_t retained;      /* messages */
    uint64_t published;   /* since the start, as all below */
    uint64_t deliveries;  /* messages collected, by all subscribers */
    uint64_t gaps;
    uint64_t refused; /* subscribers turned away */
};

/*
 * A store that keeps the newest `history` messages (at least 1), gives `turns`
 * turns (0: without limit, the thundering herd) and has room for
 * `max_subscribers`. NULL if memory runs out.
 *
 * One turn more than there are cores keeps them busy while a turn travels. On
 * two cores, 300 messages/s to 1,000 subscribers: half arrived within 5.2 ms
 * with 2 turns, 5.8 with 3, 8.7 with 4; at 20 messages/s 3 turns cost 10% less
 * processor time than 2.
 */
struct store *store_new(size_t history, size_t turns, size_t max_subscribers);

/* Frees the store and its messages. No subscriber may be left. */
void store_free(struct store *s);

/*
 * Gives the message its id and puts it in the history, and wakes who waits for
 * it. The store takes a reference of its own; the caller keeps his.
 */
void store_publish(struct store *s, struct message *m);

/*
 * A new subscriber: of every message after the id `after`, beginning with
 * those that are retained ("0": with the oldest), or with `after` NULL of
 * those published from now on. NULL if there is no room or memory left, or the
 * store is closed. Ended by store_unsubscribe.
 */
struct subscriber *store_subscribe(struct store *s,
                                   const struct event_id *after);

/* Ends the subscription, by the thread that waits for it; after
 * departures_forget. The pointer is void. */
void store_unsubscribe(struct store *s, struct subscriber *sub);

/*
 * Blocks until there are messages for the subscriber and it has a turn, or
 * something else of enum store_news happens; deadline is in milliseconds on
 * the monotonic clock, or STORE_FOREVER, which costs less: 10,000 timers are
 * another 7% for each delivery. Collects at most `max` messages, in order, each
 * with a reference that the caller gives back by message_unref. Who
 * has news waits for its turn also beyond the deadline.
 */
enum store_news store_wait(struct store *s, struct subscriber *sub,
                           int64_t deadline, size_t max,
                           struct store_batch *batch);

/*
 * What a subscriber after this id would collect now, without being one and
 * without a turn; false if that is nothing. The batch is as store_wait's.
 */
bool store_peek(struct store *s, struct event_id after,
                struct store_batch *batch);

/*
 * Makes a store_wait of this subscriber, the current or the next one, return
 * STORE_POKED. The subscriber may be gone meanwhile: its memory serves another
 * one or nobody, until store_free, and who is poked in vain loses nothing.
 */
void store_poke(struct store *s, struct subscriber *sub);

/*
 * Whoever has been idle since `since` (ms, monotonic) or longer queues for a
 * turn, to get a STORE_HEARTBEAT. Returns since when the longest idle of the
 * others is, or INT64_MAX if nobody is.
 */
int64_t store_heartbeat(struct store *s, int64_t since);

/* From now on nobody subscribes, and every subscriber collects what it still
 * has to get, and then STORE_CLOSED. Publishing goes on, for requests that are
 * being answered. */
void store_close(struct store *s);

/* The id given last; before the first message, one that is before all. */
struct event_id store_newest(struct store *s);

struct store_stats store_stats(struct store *s);

/* Where the subscriber is now, for who looks on. If it has gone meanwhile, the
 * answer means nothing, but it may be asked (see store_poke). */
enum store_place store_place(struct store *s, const struct subscriber *sub);

/* For a class to watch: from now on whoever has a turn keeps it so long before
 * it collects, without the mutex. 0 ends that, and store_close. */
void store_slow(struct store *s, int ms);

#endif
