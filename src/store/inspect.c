/* inspect: see inspect.h. */
#include "store/inspect.h"

#include "base/clock.h"
#include "store/store_private.h"

#include <string.h>

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
        .slow_ms = s->slow.ms,
        .stepping = s->slow.stepping,
        .step_left_ms = s->slow.step_until - clock_monotonic_ms(),
        .last = s->history.last,
        .retained = (size_t)(s->history.next - s->history.oldest),
        .published = s->history.next - s->restored,
        .deliveries = s->deliveries,
        .gaps = s->gaps,
        .refused = s->refused,
        .cut_short = s->cut_short,
        .unsent = s->unsent,
    };
    memcpy(stats.step_by, s->slow.step_by, sizeof stats.step_by);
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
    else if (sub->beat || store_has_news(s, sub))
        place = STORE_READY;
    pthread_mutex_unlock(&s->mutex);
    return place;
}

/* True if the subscriber may hold messages that have left the history. */
static bool holds_old(const struct store *s, const struct subscriber *sub)
{
    return sub->cursor < s->history.oldest + LIMIT_BATCH && !sub->has_turn &&
           list_empty(&sub->link);
}

size_t store_slowest(struct store *s, const struct subscriber **slowest)
{
    uint64_t least = UINT64_MAX;
    size_t n = 0;

    pthread_mutex_lock(&s->mutex);
    for (const struct block *b = s->blocks; b; b = b->next)
        for (size_t i = 0; i < STORE_BLOCK; i++) {
            const struct subscriber *sub = &b->subscribers[i];

            if (!holds_old(s, sub) || sub->cursor > least)
                continue;
            if (sub->cursor < least)
                n = 0; /* all before were faster */
            least = sub->cursor;
            if (n < LIMIT_CUT)
                slowest[n++] = sub;
        }
    pthread_mutex_unlock(&s->mutex);
    return n;
}
