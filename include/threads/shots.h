/*
 * shots: the looks that all viewers share.
 *
 * A look at many threads costs time. So there is one at a time, and not more
 * often than 2 % of one core allow, whoever asks for it; a viewer that asks in
 * between gets the latest.
 *
 * Threads: any thread may call these. One mutex guards the latest look; a look
 * is taken without it. A shot does not change; a reference count, which is
 * atomic, says when it is freed.
 */
#ifndef CRIER_SHOTS_H
#define CRIER_SHOTS_H

#include "threads/look.h"

enum { SHOTS_NEW = -1 }; /* since times have whole milliseconds */

struct shots;

/* A look, and how it is told. */
struct shot {
    atomic_uint refs;
    uint64_t number; /* from 1 on */
    int64_t taken;   /* ms, monotonic */
    struct look look;
    struct slice all;     /* an event: all threads */
    struct slice changes; /* an event: the changes since the shot before */
};

/* The shots of a server. They are made at the first call, and stay. NULL if
 * memory runs out. */
struct shots *shots_of(struct context *context);

/* Adds a viewer. False if there are LIMIT_VIEWERS already. */
bool shots_enter(struct shots *s);

/* Removes a viewer. */
void shots_leave(struct shots *s);

/* The latest shot, not older than max_age_ms, or SHOTS_NEW: none from before
 * the call; an older one if the 2 % do not allow that. The caller gives it back
 * by shot_unref. NULL if memory runs out. */
struct shot *shots_take(struct shots *s, struct context *context,
                        int max_age_ms);

/* Gives back a reference; NULL is allowed. */
void shot_unref(struct shot *shot);

#endif
