/*
 * sync: what the linker (--wrap) puts in the place of the functions by which
 * the server's threads meet. Each is a point at which another thread may go on.
 *
 * The point is before each of them, and also after unlocking. Between two
 * points a thread is alone: what it shares there without a mutex,
 * ThreadSanitizer must see. For that the real mutexes are locked, too, once
 * they are free.
 */
#include "schedule.h"

#include "tell.h"

#include <errno.h>

#define WHERE __builtin_return_address(0)

int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);
int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                                  const struct timespec *until);
int __wrap_pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                                  clockid_t clock,
                                  const struct timespec *until);
int __wrap_pthread_cond_signal(pthread_cond_t *cond);
int __wrap_pthread_cond_broadcast(pthread_cond_t *cond);
_Noreturn void __wrap___assert_fail(const char *claim, const char *file,
                                    unsigned line, const char *function);

/* The program itself, before the threads run. It never has to wait. */
static struct actor outside = {.name = "the program"};

static bool checks_errors(const pthread_mutex_t *mutex)
{
    return (mutex->__data.__kind & 3) == PTHREAD_MUTEX_ERRORCHECK_NP;
}

static void take(pthread_mutex_t *mutex, struct actor *owner)
{
    sched_own(mutex, owner);
    __real_pthread_mutex_lock(mutex);
}

static void let_go(pthread_mutex_t *mutex)
{
    __real_pthread_mutex_unlock(mutex);
    sched_own(mutex, NULL);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    const struct actor *owner = sched_owner(mutex);

    if (owner && owner == (self ? self : &outside) && checks_errors(mutex))
        return EDEADLK; /* lock_assert_held asks so */
    if (!self) {
        take(mutex, &outside);
        return 0;
    }
    if (owner)
        tell_step(self, WHERE, "wants %s, which %s holds", tell_name_of(mutex),
                  owner->name);
    self->mutex = mutex;
    sched_point(WANTS);
    self->state = READY;
    take(mutex, self);
    tell_step(self, WHERE, "locks %s", tell_name_of(mutex));
    return 0;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (!self) {
        let_go(mutex);
        return 0;
    }
    if (sched_owner(mutex) != self)
        wrong("%s unlocks %s, which it does not hold", self->name,
              tell_name_of(mutex));
    let_go(mutex);
    tell_step(self, WHERE, "unlocks %s", tell_name_of(mutex));
    sched_point(READY);
    return 0;
}

static int sleep_on(pthread_cond_t *cond, pthread_mutex_t *mutex, bool timed,
                    const void *where)
{
    sched_point(READY);
    if (sched_owner(mutex) != self)
        wrong("%s waits for a condition variable, and does not hold %s",
              self->name, tell_name_of(mutex));
    let_go(mutex);
    tell_step(self, where, "unlocks, and sleeps on %s", tell_name_of(cond));
    self->cond = cond;
    self->mutex = mutex;
    self->timed = timed;
    self->result = 0;
    sched_point(ASLEEP);
    self->state = READY;
    take(mutex, self);
    tell_step(self, where, "is awake, and locks %s", tell_name_of(mutex));
    return self->result;
}

int __wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    return sleep_on(cond, mutex, false, WHERE);
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                                  const struct timespec *until)
{
    (void)until; /* it may pass at any moment */
    return sleep_on(cond, mutex, true, WHERE);
}

int __wrap_pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                                  clockid_t clock, const struct timespec *until)
{
    (void)clock, (void)until;
    return sleep_on(cond, mutex, true, WHERE);
}

static size_t find_sleepers(const void *cond, struct actor **sleepers)
{
    size_t n = 0;

    for (struct actor *a = actors; a < actors + actor_count; a++)
        if (a->state == ASLEEP && a->cond == cond)
            sleepers[n++] = a;
    return n;
}

int __wrap_pthread_cond_signal(pthread_cond_t *cond)
{
    struct actor *sleepers[ACTORS], *woken;
    size_t n;

    if (!self)
        return 0;
    sched_point(READY);
    n = find_sleepers(cond, sleepers);
    if (n == 0) {
        tell_step(self, WHERE, "signals %s: nobody sleeps on it",
                  tell_name_of(cond));
        return 0;
    }
    woken = sleepers[explore_choose(n)];
    woken->state = WANTS;
    tell_step(self, WHERE, "signals %s: wakes %s", tell_name_of(cond),
              woken->name);
    return 0;
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *cond)
{
    struct actor *sleepers[ACTORS];
    size_t n;

    if (!self)
        return 0;
    sched_point(READY);
    n = find_sleepers(cond, sleepers);
    for (size_t i = 0; i < n; i++)
        sleepers[i]->state = WANTS;
    tell_step(self, WHERE, "broadcasts to %s: wakes %zu", tell_name_of(cond),
              n);
    return 0;
}

void __wrap___assert_fail(const char *claim, const char *file, unsigned line,
                          const char *function)
{
    (void)file, (void)line;
    wrong("%s breaks an assertion of %s: %s", self ? self->name : "somebody",
          function, claim);
}
