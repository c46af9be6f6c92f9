/* slow: slow motion: see slow.h. */
#include "store/slow.h"

#include "base/clock.h"
#include "store/store_private.h"

#include <stdio.h>

/* Wakes all that keep a turn, or wait for a step. */
static void set(struct store *s, int ms, bool stepping)
{
    lock_assert_held(&s->mutex);
    s->slow.ms = ms;
    s->slow.stepping = stepping;
    s->slow.steps = 0;
    pthread_cond_broadcast(&s->slow.changed);
}

void store_slow(struct store *s, int ms)
{
    pthread_mutex_lock(&s->mutex);
    set(s, ms, false);
    pthread_mutex_unlock(&s->mutex);
}

/* Sleeps until something has changed. Returns false if the time has come. */
static bool wait_until(struct store *s, int64_t ms)
{
    const struct timespec until = clock_timespec(ms);

    lock_assert_held(&s->mutex);
    return pthread_cond_timedwait(&s->slow.changed, &s->mutex, &until) !=
           ETIMEDOUT;
}

bool store_step_by_step(struct store *s, const char *who, int64_t patience_ms)
{
    bool already;

    pthread_mutex_lock(&s->mutex);
    already = s->slow.stepping;
    if (!already)
        set(s, LIMIT_STEP_MS, true);
    s->slow.step_until = clock_monotonic_ms() + patience_ms;
    snprintf(s->slow.step_by, sizeof s->slow.step_by, "%s", who);
    pthread_mutex_unlock(&s->mutex);
    return already;
}

bool store_step(struct store *s, int64_t wait_ms)
{
    const int64_t until = clock_deadline(wait_ms);
    uint64_t wanted;
    bool stepped;

    pthread_mutex_lock(&s->mutex);
    wanted = s->slow.stepped + ++s->slow.steps;
    pthread_cond_broadcast(&s->slow.changed);
    while (s->slow.stepped < wanted && s->slow.stepping && !s->closed)
        if (!wait_until(s, until))
            break;
    stepped = s->slow.stepped >= wanted;
    if (!stepped && s->slow.steps > 0) /* nobody takes it any more */
        s->slow.steps--;
    pthread_mutex_unlock(&s->mutex);
    return stepped;
}

void store_keep_turn(struct store *s)
{
    const int64_t start = clock_monotonic_ms();

    lock_assert_held(&s->mutex);
    trace(&s->trace, TRACE_KEEPS, 0, NULL);
    while (s->slow.ms > 0 && s->slow.steps == 0 && !s->closed) {
        if (wait_until(s, s->slow.stepping ? s->slow.step_until
                                           : start + s->slow.ms))
            continue;
        if (!s->slow.stepping)
            return;
        if (clock_monotonic_ms() >= s->slow.step_until) /* still */
            set(s, 0, false);
    }
    if (s->slow.steps > 0) {
        s->slow.steps--;
        s->slow.stepped++;
        pthread_cond_broadcast(&s->slow.changed);
    }
}
