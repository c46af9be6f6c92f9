/*
 * faults: makes live streams misbehave on purpose, so that a page's
 * reconnection can be tested against the real thing.
 *
 * A fault strikes a stream that has messages to send, or, `refuse`, one that is
 * asked for. Nothing is lost by it: a client that comes back with its last id
 * gets what it missed. All faults are off at the start.
 *
 * Threads: any thread may call these.
 */
#ifndef CRIER_FAULTS_H
#define CRIER_FAULTS_H

#include "server/exchange.h"

struct store_batch;

enum fault {
    FAULT_DROP,   /* the connection closes without the messages */
    FAULT_RESET,  /* the same with a reset (RST) */
    FAULT_STALL,  /* the messages come late */
    FAULT_SPLIT,  /* the messages come in pieces of one byte */
    FAULT_REFUSE, /* a 503 instead of a stream */
};

/*
 * GET or POST /faults: sends how many streams each fault will still strike, as
 * JSON. POST sets it by ?drop=3&stall=1&ms=5000 and the like, 0 for what is not
 * named. 400 for a query that says something else. 403 unless this machine
 * asks, or --classroom is set. With --server-name a proxy may stand in front,
 * and everybody comes from this machine: then only --classroom lets anybody.
 */
void faults(struct exchange *x);

/* Sends the 503 and returns true if the fault `refuse` strikes. */
bool faults_refuse(struct exchange *x);

/* True if faults_write may strike. Costs next to nothing. */
bool faults_due(struct context *c);

/* Writes the batch as the fault wants that strikes, or well, and releases it.
 * -1 if the stream is over. */
int faults_write(struct context *c, struct stream *stream,
                 struct store_batch *batch);

/* The name of a fault, and NULL behind the last one. */
const char *faults_name(int fault);

#endif
