/*
 * policy: which threads may interrupt others.
 *
 * The kernel lets a thread that wakes up interrupt the one that runs. That is
 * right for a client that asks now and then. It is wrong for two kinds, which
 * get the policy SCHED_BATCH: they wait until a core is free. If crier was
 * started under another policy than SCHED_OTHER, as by chrt(1), all keep that.
 */
#ifndef CRIER_POLICY_H
#define CRIER_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/* Gives SCHED_BATCH to the calling thread, a subscriber's. So the thread that
 * wakes it may first write to its own socket, and a delivery costs less. */
void policy_batch(void);

/* What a connection has asked in one tenth of a second. {0} is the start. */
struct policy_load {
    int64_t tenth;
    unsigned requests;
    bool batch;
};

/* The calling thread is about to serve a request. A client that asks
 * POLICY_LOAD times in a tenth of a second is a load generator, and no person
 * waits for its answers. The thread then has SCHED_BATCH, until a tenth with
 * fewer requests, or none, has passed. */
enum { POLICY_LOAD = 100 };
void policy_asked(struct policy_load *load);

#endif
