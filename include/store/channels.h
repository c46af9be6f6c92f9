/*
 * channels: the store's histories, and who waits for the next message of each.
 *
 * One has no name: it belongs to /update and /subscribe, and never goes. One
 * with a name comes with its first user, a subscriber or a publisher at work.
 * It goes when its last user leaves and it holds nothing; or if its place or
 * its memory is wanted, and it is the one that is longest without a user.
 *
 * Ids. They increase in all channels together. A channel that comes begins
 * after the id `start`: no channel that has gone had a message after it. So if
 * a channel comes back, a client with the id of its former newest message has
 * missed nothing, or gets a gap.
 *
 * Not locked: they belong to the store, whose mutex guards them.
 */
#ifndef CRIER_CHANNELS_H
#define CRIER_CHANNELS_H

#include "base/list.h"
#include "store/history.h"

enum { CHANNEL_NAME_SIZE = 64 + 1 }; /* of a name, and its NUL */

struct channel {
    struct list link;   /* in all; or in gone */
    struct list unused; /* in unused, or in none */
    struct list idle;   /* subscribers that have everything; see store.c */
    struct history history;
    int number; /* in the order of coming; the nameless one has 0 */
    size_t users;
    size_t subscribers;
    uint64_t published; /* messages, since it came */
    size_t bytes;       /* of memory, for its messages */
    char name[CHANNEL_NAME_SIZE];
};

struct channels {
    size_t most;       /* that have a name */
    size_t most_bytes; /* of memory for their messages */
    struct channel nameless;
    struct list all;
    struct list unused;    /* the longest unused one first */
    struct list gone;      /* for channels_bury */
    void *names;           /* a tree of tsearch(3) */
    size_t count, bytes;   /* of those that have a name; see store_weigh */
    int came;              /* the number of the next one */
    size_t messages;       /* of all */
    uint64_t published;    /* since the start, in all */
    uint64_t removed;      /* since the start, channels */
    bool forgot;           /* a channel has gone that had messages */
    struct event_id last;  /* the id that was given last, or the start */
    struct event_id start; /* where a channel that comes begins */
};

/* Each channel keeps the newest `history` messages. -1 if memory runs out. */
int channels_init(struct channels *cs, size_t history, int64_t now_ms);

void channels_destroy(struct channels *cs);

/* Adds a user to the channel with this name, which comes if it is not there.
 * NULL if all places are taken by channels in use, or memory runs out. */
struct channel *channels_enter(struct channels *cs, const char *name);

/* The channel with this name. If it is not there, makes *absent what it would
 * be if it came: nobody may use that but to look at its history. */
struct channel *channels_look(struct channels *cs, const char *name,
                              struct channel *absent);

/* The id of the newest message in the channel with this name; or where it
 * begins, if it has none, or is not there. */
struct event_id channels_last(struct channels *cs, const char *name);

/* How many messages the channel retains. */
uint64_t channels_retained(const struct channel *c);

/* Removes a user. The channel may be in `gone` then. */
void channels_leave(struct channels *cs, struct channel *c);

/*
 * Adds a message to its channel, as history_add does, but ids increase in all
 * channels together. now_ms is 0 for one of an earlier process. Sets *evicted
 * to the message that had to leave, or NULL. Returns the channel, or NULL if
 * there is no place for it.
 */
struct channel *channels_add(struct channels *cs, struct message *m,
                             int64_t now_ms, struct message **evicted);

/*
 * If the messages of the channels with a name take too much memory, makes
 * channels go, the longest unused first. If that is not enough, since all are
 * in use, one message of c must leave: returns it, as history_add does. Then
 * call it again, until it returns NULL.
 */
struct message *channels_shrink(struct channels *cs, struct channel *c);

/* Frees the channels in this list, which was `gone`. Needs no mutex, and is
 * best called without it, since each may have many messages. */
void channels_bury(struct list *gone);

#endif
