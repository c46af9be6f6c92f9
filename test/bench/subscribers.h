/*
 * Connections that wait for events: opened some hundreds at a time, then read
 * at the cost of one recv each time that they have something.
 */
#ifndef CRIER_BENCH_SUBSCRIBERS_H
#define CRIER_BENCH_SUBSCRIBERS_H

#include "bench.h"
#include "ledger.h"

struct subscriber;

struct subscribers {
    const struct target *target;
    struct ledger *ledger;
    int epoll;
    unsigned count;
    unsigned source_addresses; /* 127.0.0.2 and up; 0: the system chooses */
    unsigned opening;          /* the head of the answer is awaited */
    unsigned open;             /* it has come, and the stream goes on */
    unsigned gone;             /* refused, or ended by the server */
    char refusal[80];          /* the first, as far as known */
    struct subscriber *all;
    char *request; /* complete but for the channel */
    size_t channel_at;
};

/* Returns when all have the head of their answer, or have been refused. In the
 * epoll set they are 0 to count - 1. */
void subscribers_open(struct subscribers *s, const struct target *target,
                      struct ledger *ledger, unsigned count,
                      unsigned source_addresses, int epoll);

/* Does what an event of the epoll set asks for. */
void subscribers_handle(struct subscribers *s, unsigned index, uint32_t events);

#endif
