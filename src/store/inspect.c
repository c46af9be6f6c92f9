/* inspect: see inspect.h. */
#include "store/inspect.h"

#include "base/clock.h"
#include "store/block.h"
#include "store/store_private.h"

#include <string.h>

struct event_id store_newest(struct store *s)
{
    struct event_id id;

    pthread_mutex_lock(&s->mutex);
    id = s->channels.last;
    pthread_mutex_unlock(&s->mutex);
    return id;
}

struct event_id store_newest_of(struct store *s, const char *channel)
{
    struct event_id id;

    pthread_mutex_lock(&s->mutex);
    id = channels_last(&s->channels, channel);
    pthread_mutex_unlock(&s->mutex);
    return id;
}

struct message *store_find(struct store *s, const char *channel,
                           struct event_id id)
{
    struct channel absent;
    struct message *m;

    pthread_mutex_lock(&s->mutex);
    m = history_get(&channels_look(&s->channels, channel, &absent)->history,
                    id);
    if (m)
        message_ref(m);
    pthread_mutex_unlock(&s->mutex);
    return m;
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
        .last = s->channels.nameless.history.last,
        .retained = s->channels.messages,
        .published = s->channels.published,
        .channels = s->channels.count,
        .channels_removed = s->channels.removed,
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

size_t store_channels(struct store *s, struct store_channel *channels,
                      size_t max)
{
    const struct list *all = &s->channels.all;
    size_t n = 0;

    pthread_mutex_lock(&s->mutex);
    /* The first one has no name. */
    for (struct list *l = all->next->next; l != all && n < max; l = l->next) {
        const struct channel *c = LIST_ENTRY(l, struct channel, link);

        channels[n] = (struct store_channel){.subscribers = c->subscribers,
                                             .published = c->published};
        memcpy(channels[n++].name, c->name, sizeof c->name);
    }
    pthread_mutex_unlock(&s->mutex);
    return n;
}

void store_channel_of(struct store *s, const struct subscriber *sub,
                      char name[CHANNEL_NAME_SIZE])
{
    pthread_mutex_lock(&s->mutex);
    memcpy(name, sub->channel->name, CHANNEL_NAME_SIZE);
    pthread_mutex_unlock(&s->mutex);
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
static bool holds_old(const struct subscriber *sub)
{
    return !sub->has_turn && list_empty(&sub->link) &&
           sub->cursor < sub->channel->history.oldest + LIMIT_BATCH;
}

size_t store_slowest(struct store *s, const struct subscriber **slowest)
{
    uint64_t most = 0;
    size_t n = 0;

    pthread_mutex_lock(&s->mutex);
    for (const struct block *b = s->blocks; b; b = b->next)
        for (size_t i = 0; i < STORE_BLOCK; i++) {
            const struct subscriber *sub = &b->subscribers[i];
            const uint64_t behind = sub->channel->history.next - sub->cursor;

            if (!holds_old(sub) || behind < most)
                continue;
            if (behind > most)
                n = 0; /* all before were faster */
            most = behind;
            if (n < LIMIT_CUT)
                slowest[n++] = sub;
        }
    pthread_mutex_unlock(&s->mutex);
    return n;
}

struct trace *store_trace(struct store *s)
{
    return &s->trace;
}
