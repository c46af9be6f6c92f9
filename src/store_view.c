/* store_view: the store for who looks on, or slows it down: see store.h. */
#include "store.h"

#include "clock.h"
#include "store_private.h"

#include <errno.h>

struct event_id store_newest(struct store *s)
{
    struct event_id id;

    pthread_mutex_lock(&s->mutex);
    id = s->history.last;
    pthread_mutex_unlock(&s->mutex);
    return id;
}

struct store_stats store_stats(struct store *s)
{
    struct store_stats stats;

    pthread_mutex_lock(&s->mutex);
    stats = (struct store_stats){
        .subscribers = s->subscribers,
        .turns = s->turns,
        .free_turns = s->turns ? s->free_turns : 0,
        .slow_ms = s->slow_ms,
        .last = s->history.last,
        .retained = (size_t)(s->history.next - s->history.oldest),
        .published = s->history.next,
        .deliveries = s->deliveries,
        .gaps = s->gaps,
        .refused = s->refused,
    };
    pthread_mutex_unlock(&s->mutex);
    return stats;
}

enum store_place store_place(struct store *s, const struct subscriber *sub)
{
    enum store_place place = STORE_IDLE;

    pthread_mutex_lock(&s->mutex);
    if (sub->has_turn)
        place = STORE_TURN;
    else if (list_empty(&sub->link))
        place = STORE_OUTSIDE;
    else if (store_has_news(s, sub))
        place = STORE_READY;
    pthread_mutex_unlock(&s->mutex);
    return place;
}

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

    while (s->slow_ms > 0 && !s->closed) {
        struct timespec until = clock_timespec(start + s->slow_ms);

        if (pthread_cond_timedwait(&s->speeded, &s->mutex, &until) == ETIMEDOUT)
            return;
    }
}
