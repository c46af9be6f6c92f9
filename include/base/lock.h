/*
 * lock: how crier makes its mutexes and condition variables.
 *
 * A function that needs a mutex says so by lock_assert_held, which a program
 * checks while it runs, and not only by a comment. The mutexes are of POSIX'
 * error-checking type: their owner's second pthread_mutex_lock returns EDEADLK
 * at once instead of waiting for ever.
 */
#ifndef CRIER_LOCK_H
#define CRIER_LOCK_H

#include <assert.h>
#include <errno.h>
#include <pthread.h>

/* Makes an error-checking mutex. */
void lock_mutex_init(pthread_mutex_t *mutex);

/* Makes a condition variable whose deadlines are on the monotonic clock. */
void lock_cond_init(pthread_cond_t *cond);

/* Ends the program if the calling thread does not hold the mutex. */
static inline void lock_assert_held(pthread_mutex_t *mutex)
{
    (void)mutex; /* in a build without assertions */
    assert(pthread_mutex_lock(mutex) == EDEADLK);
}

#endif
