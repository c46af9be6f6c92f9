/*
 * What was sent and who has it: finds what is lost, comes twice or out of
 * order, and times the rest.
 *
 * A message's text is a marker, its number and the CLOCK_MONOTONIC nanosecond
 * at which it was sent: "@00000012:000123456789012345@". The order is the one
 * in which messages were first seen by anyone; all others must see the same,
 * and one publisher's messages must stand there in the order that it sent.
 *
 * With n channels, message m belongs to channel m modulo n, and so does
 * subscriber m. What comes to others is doubled; the order is a channel's.
 */
#ifndef CRIER_BENCH_LEDGER_H
#define CRIER_BENCH_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "histogram.h"

enum {
    MARKER = 1 + 8 + 1 + 18 + 1 /* bytes, without a terminator */
};

struct message {
    uint64_t sent_ns;
    unsigned publisher;
    unsigned missing; /* subscribers that don't have it yet */
    unsigned rank;    /* in the order; from 1 on, 0 if nobody has seen it */
    char marker[MARKER + 1];
};

struct ledger {
    unsigned subscribers, capacity, channels;
    unsigned sent;
    unsigned warmup;    /* the first so many messages are not timed */
    unsigned ranked;    /* length of the order */
    unsigned *rank_now; /* for each subscriber, of its newest message */
    unsigned *newest;   /* for each publisher and channel, 1 + its newest in
                         * the order */
    uint8_t *seen;      /* a bit for each message, for each subscriber */
    struct message *messages;
    uint64_t delivered, duplicated, reordered; /* warm-up included */
    uint64_t last_ns;                          /* of the last delivery */
    struct histogram delivery, complete;
};

/* Room for so many messages, warm-up included. There is no free. */
void ledger_open(struct ledger *l, unsigned messages, unsigned warmup,
                 unsigned subscribers, unsigned publishers, unsigned channels);

/* How many deliveries so many messages are. */
uint64_t ledger_deliveries(const struct ledger *l, unsigned messages);

/* Enters the next message as sent now, and gives back its number. */
unsigned ledger_send(struct ledger *l, unsigned publisher);

/* Finds the whole markers in bytes that a subscriber has received at ns, and
 * enters them. Returns how many bytes at the end may begin another one. */
size_t ledger_receive(struct ledger *l, unsigned subscriber, const char *bytes,
                      size_t size, uint64_t ns);

#endif
