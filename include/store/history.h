/*
 * history: the newest messages, in a ring, numbered from 0 on in the order of
 * their ids.
 *
 * Not locked: it belongs to the store, whose mutex guards it.
 */
#ifndef CRIER_HISTORY_H
#define CRIER_HISTORY_H

#include "store/event_id.h"
#include "store/message.h"
#include "store/ring.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct history {
    struct ring ring;
    size_t size;
    uint64_t oldest;       /* number of the oldest one that is retained */
    uint64_t next;         /* number of the next one to come */
    struct event_id last;  /* id of the newest one ever, or the start */
    struct event_id floor; /* id of the newest one that is gone, or the start */
};

/* It keeps the newest `size` messages, at least 1; fewer, if memory runs out
 * while it grows. Messages from before now_ms (since the epoch) belong to an
 * earlier process, and are unknown. -1 if memory runs out. */
int history_init(struct history *h, size_t size, int64_t now_ms);

/* Gives back the references to all messages, and the memory. */
void history_destroy(struct history *h);

/*
 * Stamps the message with the next id at now_ms, unless a journal has stamped
 * it, and adds it. The history takes a reference of its own. Returns the
 * message that had to leave, or NULL; its reference now belongs to the caller.
 */
struct message *history_add(struct history *h, struct message *m,
                            int64_t now_ms);

/* The oldest message leaves; its reference now belongs to the caller. */
struct message *history_drop(struct history *h);

/* A retained message: oldest <= number < next. The history keeps its reference.
 */
struct message *history_at(const struct history *h, uint64_t number);

/* The number of the first retained message after the id, or `next`. */
uint64_t history_find(const struct history *h, struct event_id after);

/* The retained message with this id, or NULL. The history keeps its reference.
 */
struct message *history_get(const struct history *h, struct event_id id);

/*
 * True if a client with this last id may have missed messages that the history
 * cannot give it. That is so for an id that is gone. It is so, too, for an id
 * that this history never gave: it comes from an earlier process, whose clock
 * may have been ahead. The id "0" asks for everything that this history ever
 * had, so it is lost once a message is gone.
 */
bool history_lost(const struct history *h, struct event_id after);

#endif
