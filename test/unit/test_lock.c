/* lock: a function that needs a mutex notices that it is not held. */
#include "unit.h"

#include "base/lock.h"

#include <signal.h>

Test(lock, is_held)
{
    pthread_mutex_t mutex;

    lock_mutex_init(&mutex);
    pthread_mutex_lock(&mutex);
    lock_assert_held(&mutex);
    cr_expect_eq(pthread_mutex_unlock(&mutex), 0);
    cr_expect_eq(pthread_mutex_destroy(&mutex), 0);
}

Test(lock, is_not_held, .signal = SIGABRT)
{
    pthread_mutex_t mutex;

    lock_mutex_init(&mutex);
    lock_assert_held(&mutex);
}
