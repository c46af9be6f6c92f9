/*
 * waiter: a thread in store_wait, which can be frozen there.
 *
 * What the store promises is about threads that wait while others run or don't.
 * A frozen waiter sits in a signal handler: it may be given a turn, and keeps
 * it, as if it were not scheduled. So the order of what happens is the test's
 * to choose, and nothing depends on luck.
 */
#ifndef CRIER_TEST_WAITER_H
#define CRIER_TEST_WAITER_H

#include "store/inspect.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>

struct waiter {
    /* After waiter_join: what store_wait returned. */
    enum store_news news;
    struct store_batch batch;
    bool in_time; /* before the deadline: something woke it */

    /* The rest is waiter.c's. */
    struct store *store;
    struct subscriber *sub;
    int64_t deadline;
    pthread_t thread;
    atomic_int id; /* of the thread, once it is about to wait */
    atomic_bool frozen;
    atomic_bool returned;
    sem_t at_rest; /* frozen has been set */
    int thaw[2];   /* a byte in this pipe thaws it */
};

/* Starts the thread, which waits until `deadline`, and returns when it sleeps
 * in store_wait, or store_wait has returned. */
void waiter_start(struct waiter *w, struct store *s, struct subscriber *sub,
                  int64_t deadline);

/* False if store_wait returns before, at its deadline. */
bool waiter_freeze(struct waiter *w);

/* Thaws it, and returns when it sleeps again, or store_wait has returned. */
void waiter_thaw(struct waiter *w);

bool waiter_returned(const struct waiter *w);

/* Waits for the end of store_wait, until the deadline at the latest. */
enum store_news waiter_join(struct waiter *w);

/* Joins it; it must have got exactly these messages, and in time. */
void waiter_expect(struct waiter *w, int from, int to);

#endif
