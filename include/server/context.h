/*
 * context: what all connections share. main makes it, and it stays until all
 * clients have left.
 */
#ifndef CRIER_CONTEXT_H
#define CRIER_CONTEXT_H

#include "base/budget.h"
#include "server/settings.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct ballot;
struct clients;
struct gallery;
struct journal;
struct publish_rule;
struct route;
struct store;
struct watch;

enum { CONTEXT_CLASSES = 6, CONTEXT_FAULTS = 5 };

struct context {
    struct settings settings;
    const struct route *routes; /* the table, see route.h */
    struct store *store;
    struct journal *journal;
    struct watch *watch;
    struct clients *clients;
    struct budget budget;   /* for bodies and answers; see memory.h */
    struct budget held;     /* for messages that slow subscribers hold */
    const char *public_dir; /* its path, opened for each request */
    int64_t started;        /* ms, monotonic */
    struct publish_rule *publish_rule; /* NULL: anybody may publish */

    atomic_ullong answers[CONTEXT_CLASSES]; /* [2]: how many 2xx */
    struct gallery *_Atomic gallery;        /* of the thread view, or NULL */
    struct ballot *_Atomic ballot;          /* of the class, or NULL */

    /* Faults on purpose: see pages/faults.h. All 0 at the start. */
    atomic_uint faults_left[CONTEXT_FAULTS];   /* streams, for each kind */
    atomic_ullong faults_done[CONTEXT_FAULTS]; /* since the start */
    atomic_uint faults_ms;                     /* how long a stall is */
};

#endif
