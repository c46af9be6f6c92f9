/*
 * trace: what the threads of the store did lately: who slept, who woke whom.
 *
 * While nobody looks, a step costs a look at one flag. While somebody looks,
 * it goes into a ring, which keeps the newest TRACE_SIZE steps.
 *
 * Threads: any thread may call these, with or without the store's mutex. There
 * is no lock, because a thread must be able to tell that it waits for the mutex
 * before it has it. Each step takes a number, and with it a place in the ring.
 * A place is read again after it was copied: if its number has changed
 * meanwhile, the copy is dropped.
 */
#ifndef CRIER_TRACE_H
#define CRIER_TRACE_H

#include "store/event_id.h"

#include <stdatomic.h>
#include <sys/types.h>

/* A message to 2,000 subscribers is 10,000 steps. */
enum { TRACE_SIZE = 16 * 1024 };

/* What a thread does. `other` and `id` are 0 where nothing is said of them. */
enum trace_step {
    TRACE_ASKS,      /* wants the store's mutex, and may wait for it */
    TRACE_PUBLISHES, /* has put the message `id` into the channel `other` */
    TRACE_PUBLISHED, /* has woken the first, and leaves the store */
    TRACE_SLEEPS,    /* has looked: it may not go. So it sleeps, until there is
                      * a message in the channel `other` */
    TRACE_WAKES,     /* has looked: it may go */
    TRACE_KEEPS,     /* keeps its turn, in slow motion */
    TRACE_LEAVES,    /* leaves the store by enum store_news, `other`; `id` is
                      * the last message that it has collected */
    TRACE_ENDS,      /* is no subscriber any more */
    TRACE_GIVES,     /* gives a turn to the thread `other`, and wakes it */
    TRACE_POKES,     /* wakes the thread `other`: its client may have gone */
    TRACE_NUDGES,    /* wakes the thread `other` for nothing */
    TRACE_HOLDS,     /* has the mutex, and keeps it on purpose */
    TRACE_RELEASES,  /* gives it back */
    TRACE_STEPS
};

struct trace_entry {
    uint64_t number; /* from 0 on, in the order of the steps */
    int64_t ns;      /* monotonic */
    pid_t thread;
    int other;
    enum trace_step step;
    struct event_id id;
};

struct trace_place;

struct trace {
    atomic_bool on;
    atomic_llong until;               /* when it is off again; ns, monotonic */
    struct trace_place *_Atomic ring; /* made when somebody looks first */
    atomic_ullong next;               /* number of the next step */
};

/* Keeps all steps for the next ms milliseconds; 0 ends that. What was kept
 * stays. -1 if memory runs out. */
int trace_keep(struct trace *t, int64_t ms);

/* Frees the ring. Nobody may use it any more. */
void trace_free(struct trace *t);

/* Copies the entries from number `from` on that are still there, oldest first,
 * at most `most` of them. Returns how many they are. */
size_t trace_read(struct trace *t, uint64_t from, struct trace_entry *entries,
                  size_t most);

/* How many steps there were. */
uint64_t trace_count(struct trace *t);

/* Behind trace(). */
void trace_write(struct trace *t, enum trace_step step, int other,
                 const struct event_id *id);

/* The calling thread does this; `id` may be NULL. */
static inline void trace(struct trace *t, enum trace_step step, int other,
                         const struct event_id *id)
{
    if (atomic_load_explicit(&t->on, memory_order_relaxed))
        trace_write(t, step, other, id);
}

#endif
