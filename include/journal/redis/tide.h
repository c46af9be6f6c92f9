/*
 * tide: how far the store has got in the broker's stream, and who waits until
 * it has got further.
 *
 * Threads: any, but tide_init and tide_destroy. Its mutex is a leaf.
 */
#ifndef CRIER_TIDE_H
#define CRIER_TIDE_H

#include "store/event_id.h"

#include <pthread.h>

struct tide {
    pthread_mutex_t mutex;
    pthread_cond_t risen;

    /* Guarded by the mutex. */
    struct event_id at; /* all entries up to this one are in the store */
    size_t waiting;
    bool closed;
};

void tide_init(struct tide *t, struct event_id at);
void tide_destroy(struct tide *t);

struct event_id tide_at(struct tide *t);

/* The entries up to this one are in the store. */
void tide_rise(struct tide *t, struct event_id at);

/* Waits until the entry is in the store. False if it is not at the deadline
 * (ms, monotonic), or once the tide is closed. */
bool tide_wait(struct tide *t, struct event_id id, int64_t deadline);

/* Nobody waits any more. */
void tide_close(struct tide *t);

#endif
