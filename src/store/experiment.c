/* experiment: see experiment.h. */
#include "store/experiment.h"

#include "base/clock.h"
#include "store/block.h"
#include "store/store_private.h"

#include <time.h>

/* The first subscriber in `idle` or `ready` that has this thread, or any. */
static struct subscriber *find_sleeper(struct store *s, pid_t thread)
{
    lock_assert_held(&s->mutex);
    for (struct block *b = s->blocks; b; b = b->next)
        for (size_t i = 0; i < STORE_BLOCK; i++) {
            struct subscriber *sub = &b->subscribers[i];

            if (sub->thread != 0 && !list_empty(&sub->link) &&
                (thread == 0 || sub->thread == thread))
                return sub;
        }
    return NULL;
}

pid_t store_nudge(struct store *s, pid_t thread)
{
    struct subscriber *sub;

    pthread_mutex_lock(&s->mutex);
    sub = find_sleeper(s, thread);
    thread = sub ? sub->thread : 0;
    if (sub)
        trace(&s->trace, TRACE_NUDGES, thread, NULL);
    pthread_mutex_unlock(&s->mutex);
    if (sub)
        pthread_cond_signal(&sub->wake);
    return thread;
}

bool store_hold(struct store *s, int ms)
{
    const struct timespec until = clock_timespec(clock_deadline(ms));

    if (atomic_exchange(&s->slow.held, true))
        return false;
    trace(&s->trace, TRACE_ASKS, 0, NULL);
    pthread_mutex_lock(&s->mutex);
    trace(&s->trace, TRACE_HOLDS, 0, NULL);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
           EINTR)
        continue;
    trace(&s->trace, TRACE_RELEASES, 0, NULL);
    pthread_mutex_unlock(&s->mutex);
    atomic_store(&s->slow.held, false);
    return true;
}

bool store_held(struct store *s)
{
    return atomic_load(&s->slow.held);
}

size_t store_herd(struct store *s)
{
    size_t added = 0;

    pthread_mutex_lock(&s->mutex);
    if (s->turns > 0 && s->slow.lent < s->subscribers)
        added = s->subscribers - s->slow.lent;
    s->slow.lent += added;
    s->free_turns += added;
    store_unlock_and_wake(s);
    return added;
}
