/*
 * ring: where a history has its messages. It grows with them: a channel that
 * may keep a million, and has ten, takes no memory for a million.
 *
 * Not locked: it belongs to a history.
 */
#ifndef CRIER_RING_H
#define CRIER_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct message;

struct ring {
    struct message **places; /* message number n at places[n % room] */
    size_t room;
};

/* A ring that may grow to `most` places. -1 if memory runs out. */
int ring_init(struct ring *r, size_t most);

void ring_free(struct ring *r);

/* True if there is room beside the messages from .. to - 1. If need be it
 * grows, up to `most` places, unless memory runs out. */
bool ring_has_room(struct ring *r, size_t most, uint64_t from, uint64_t to);

/* The place of the message with this number. */
struct message **ring_place(const struct ring *r, uint64_t number);

#endif
