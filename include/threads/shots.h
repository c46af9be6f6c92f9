/*
 * shots: the looks at all threads, as a kind of what viewers share.
 */
#ifndef CRIER_SHOTS_H
#define CRIER_SHOTS_H

#include "threads/look.h"
#include "threads/shared.h"

/* A look, and how it is told. */
struct shot {
    struct shared_look shared;
    struct look look;
    struct slice changes; /* an event: the changes since the shot before */
    struct shared_text all;
};

extern const struct shared_kind shots;

#endif
