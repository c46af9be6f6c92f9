/*
 * shared: a look that all viewers share.
 *
 * A look costs time. So one is taken at a time, whoever asks for it, and all of
 * them together take at most 2 % of one core. A viewer that asks in between
 * gets the latest.
 *
 * Threads: any thread may call these. One mutex guards the latest look; a look
 * is taken without it. A look does not change; a reference count, which is
 * atomic, says when it is freed.
 */
#ifndef CRIER_SHARED_H
#define CRIER_SHARED_H

#include "base/slice.h"
#include "server/context.h"

#include <pthread.h>

enum { SHARED_NEW = -1 }; /* since times have whole milliseconds */

struct shared_kind;

/* The first member of what is shared. */
struct shared_look {
    const struct shared_kind *kind;
    atomic_uint refs;
    uint64_t number; /* from 1 on */
    int64_t taken;   /* ms, monotonic */
};

/* How a kind of look is taken, told and freed. */
struct shared_kind {
    /* Sets all but the first member. NULL if memory runs out. `before` is the
     * look before, or NULL. Only one thread at a time calls this. */
    struct shared_look *(*take)(const struct shared_look *before,
                                struct context *context);
    /* All of it, as an event. An empty slice if memory runs out. */
    struct slice (*all)(struct shared_look *look, struct context *context);
    void (*free)(struct shared_look *look);
};

/* The looks of one kind. */
struct shared {
    pthread_mutex_t mutex;
    pthread_cond_t taken; /* a thread has taken a look */

    /* Guarded by the mutex. */
    bool taking;                /* a thread takes a look */
    struct shared_look *latest; /* or NULL */
    double credit;              /* CPU time that looks may take, ms */
    int64_t credited;           /* when it was reckoned; ms, monotonic */
};

void shared_init(struct shared *s);

/* A look that is not older than max_age_ms; SHARED_NEW: that is taken after the
 * call began. If the 2 % allow no new look now, the latest one, however old.
 * The caller gives it back by shared_unref. NULL if memory runs out. */
struct shared_look *shared_take(struct shared *s,
                                const struct shared_kind *kind,
                                struct context *context, int max_age_ms);

/* Gives back a reference; NULL is allowed. */
void shared_unref(struct shared_look *look);

/* A text that the first who needs it prints, and the others share. */
struct shared_text {
    struct slice *_Atomic slice; /* NULL: nobody has needed it yet */
};

/* The text, or an empty slice. */
struct slice shared_text(struct shared_text *t);

/* Sets the text, malloc'd, unless another thread was faster; takes it. Returns
 * what the text is now; an empty slice if memory runs out. */
struct slice shared_text_set(struct shared_text *t, char *text, size_t len);

void shared_text_free(struct shared_text *t);

#endif
