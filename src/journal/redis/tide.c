/* tide: see tide.h. */
#include "journal/redis/tide.h"

#include "base/clock.h"
#include "base/lock.h"

void tide_init(struct tide *t, struct event_id at)
{
    lock_mutex_init(&t->mutex);
    lock_cond_init(&t->risen);
    t->at = at;
    t->waiting = 0;
    t->closed = false;
}

void tide_destroy(struct tide *t)
{
    pthread_cond_destroy(&t->risen);
    pthread_mutex_destroy(&t->mutex);
}

struct event_id tide_at(struct tide *t)
{
    struct event_id at;

    pthread_mutex_lock(&t->mutex);
    at = t->at;
    pthread_mutex_unlock(&t->mutex);
    return at;
}

void tide_rise(struct tide *t, struct event_id at)
{
    bool somebody;

    pthread_mutex_lock(&t->mutex);
    t->at = at;
    somebody = t->waiting > 0;
    pthread_mutex_unlock(&t->mutex);
    if (somebody)
        pthread_cond_broadcast(&t->risen);
}

bool tide_wait(struct tide *t, struct event_id id, int64_t deadline)
{
    const struct timespec until = clock_timespec(deadline);
    bool there;

    pthread_mutex_lock(&t->mutex);
    t->waiting++;
    while (event_id_compare(t->at, id) < 0 && !t->closed)
        if (pthread_cond_timedwait(&t->risen, &t->mutex, &until) == ETIMEDOUT)
            break;
    t->waiting--;
    there = event_id_compare(t->at, id) >= 0;
    pthread_mutex_unlock(&t->mutex);
    return there;
}

void tide_close(struct tide *t)
{
    pthread_mutex_lock(&t->mutex);
    t->closed = true;
    pthread_mutex_unlock(&t->mutex);
    pthread_cond_broadcast(&t->risen);
}
