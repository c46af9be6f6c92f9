/*
 * slow_motion: what the store knows of it. See slow.h.
 */
#ifndef CRIER_SLOW_MOTION_H
#define CRIER_SLOW_MOTION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLOW_WHO = 64 };

/* Guarded by the store's mutex. */
struct slow_motion {
    int ms;                 /* that a turn lasts longer; 0: no slow motion */
    bool stepping;          /* a turn lasts until a step; ms is LIMIT_STEP_MS */
    size_t steps;           /* that turns may take */
    uint64_t stepped;       /* steps that turns have taken */
    int64_t step_until;     /* when it ends without a step; ms, monotonic */
    char step_by[SLOW_WHO]; /* a string */
    pthread_cond_t changed; /* any of these, or the store is closed */

    /* See experiment.h. */
    size_t lent;      /* turns that a herd has more */
    atomic_bool held; /* the mutex is held on purpose; without the mutex */
};

/* How many turns come back with one that ends: a herd's are gone. */
static inline size_t slow_motion_turn_back(struct slow_motion *m)
{
    if (m->lent == 0)
        return 1;
    m->lent--;
    return 0;
}

#endif
