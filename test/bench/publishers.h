/*
 * Connections that post, each one message after the reply to the one before,
 * on connections that are kept open.
 */
#ifndef CRIER_BENCH_PUBLISHERS_H
#define CRIER_BENCH_PUBLISHERS_H

#include <stdbool.h>

#include "bench.h"
#include "ledger.h"

struct publisher;

struct publishers {
    const struct target *target;
    struct ledger *ledger;
    int epoll;
    uint32_t event;
    unsigned count;
    unsigned busy; /* wait for a reply */
    uint64_t reply_ns;
    struct publisher *all;
    struct histogram replies; /* of messages that are not warm-up */
    char *request;            /* complete but for channel and marker */
    size_t size, channel_at, marker_at;
};

/* Connects all. They are in the epoll set with `event` as their data, so that
 * a reply ends a wait; which of them has it, publishers_collect finds out. */
void publishers_open(struct publishers *p, const struct target *target,
                     struct ledger *ledger, unsigned count, int epoll,
                     uint32_t event);

/* Takes the replies that have come. A reply other than 2xx ends the process:
 * messages that a server refuses tell nothing of how it delivers. */
void publishers_collect(struct publishers *p);

/* Sends the ledger's next message; false if all wait for a reply. */
bool publishers_send(struct publishers *p);

#endif
