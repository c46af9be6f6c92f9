/* slow: slow motion: see slow.h. */
#include "store/slow.h"

#include "base/clock.h"
#include "store/store_private.h"

void store_slow(struct store *s, int ms)
{
    pthread_mutex_lock(&s->mutex);
    s->slow_ms = ms;
    pthread_cond_broadcast(&s->speeded);
    pthread_mutex_unlock(&s->mutex);
}

void store_keep_turn(struct store *s)
{
    const int64_t start = clock_monotonic_ms();

    lock_assert_held(&s->mutex);
    while (s->slow_ms > 0 && !s->closed) {
        struct timespec until = clock_timespec(start + s->slow_ms);

        if (pthread_cond_timedwait(&s->speeded, &s->mutex, &until) == ETIMEDOUT)
            return;
    }
}
