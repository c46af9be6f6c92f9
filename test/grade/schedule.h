/*
 * schedule: runs the threads of a scenario one at a time, in an order that the
 * program chooses, so that each interleaving can be tried, and tried again.
 *
 * The threads are real ones. But at each call of pthread_mutex_lock,
 * pthread_cond_wait and their kin (sync.c) a thread stops, and `schedule` picks
 * the one that goes on. Which mutex is free and who sleeps is kept here, and a
 * real mutex is only locked when it is free. So nothing depends on time or
 * luck, and if all threads wait, that is known at once.
 *
 * explore_next (explore.c) says which choice is to be tried.
 */
#ifndef CRIER_GRADE_SCHEDULE_H
#define CRIER_GRADE_SCHEDULE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { ACTORS = 4 };

enum state {
    READY,   /* can go on */
    WANTS,   /* wants `mutex` */
    ASLEEP,  /* on `cond`; then it wants `mutex` */
    SENDING, /* to a client that reads nothing */
    DONE,
};

/* A thread of a scenario. */
struct actor {
    const char *name;
    void (*run)(void *argument);
    void *argument;
    pthread_t thread;
    atomic_int go;
    enum state state;
    const void *mutex, *cond;
    bool timed; /* it sleeps until a deadline */
    int result; /* of its sleep: 0 or ETIMEDOUT */
};

/* What may happen besides, once in a run. */
struct luck {
    int preemptions; /* how often a thread is stopped that could go on */
    int spurious;    /* wake-ups by nobody */
    int timeouts;    /* deadlines that pass */
};

extern struct actor actors[ACTORS];
extern size_t actor_count;

/* The thread that runs; NULL: the program's own, between two runs. */
extern _Thread_local struct actor *self;

/* Forgets the threads and mutexes of the last run. */
void sched_reset(void);

/* Adds a thread to the next run. */
void sched_add(const char *name, void (*run)(void *), void *argument);

/* Runs the threads until all are done. Does not return if that never happens:
 * then it tells why. */
void sched_run(struct luck luck);

/* A point at which another thread may go on. Sets the thread's state before,
 * and returns when the thread may go on. */
void sched_point(enum state state);

/* Who holds the mutex, or NULL. */
struct actor *sched_owner(const void *mutex);
void sched_own(const void *mutex, struct actor *owner);

/* True once a deadline has passed in this run. */
bool sched_late(void);

/* One of n choices, 0 <= choice < n. */
size_t explore_choose(size_t n);

/* Begins a new search. */
void explore_begin(void);

/* After a run: prepares the next one. False if all have been tried. */
bool explore_next(void);

#endif
