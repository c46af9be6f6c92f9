/*
 * subscribers: see subscribers.h. Also makes and frees the store itself, with
 * the memory of its subscribers.
 */
#include "store/subscribers.h"

#include "base/clock.h"
#include "store/block.h"
#include "store/store_private.h"

#include <stdlib.h>
#include <unistd.h>

struct store *store_new(size_t history, size_t turns, size_t max_subscribers)
{
    struct store *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    if (channels_init(&s->channels, history, clock_realtime_ms()) < 0) {
        free(s);
        return NULL;
    }
    lock_mutex_init(&s->mutex);
    lock_cond_init(&s->slow.changed);
    s->max_subscribers = max_subscribers;
    s->turns = turns;
    s->free_turns = turns ? turns : SIZE_MAX;
    list_init(&s->ready);
    list_init(&s->spare);
    return s;
}

void store_free(struct store *s)
{
    assert(s->subscribers == 0);
    for (struct block *b = s->blocks, *next; b; b = next) {
        next = b->next;
        for (size_t i = 0; i < STORE_BLOCK; i++)
            pthread_cond_destroy(&b->subscribers[i].wake);
        free(b);
    }
    channels_destroy(&s->channels);
    trace_free(&s->trace);
    pthread_cond_destroy(&s->slow.changed);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

/* Sets where a new subscriber of the channel begins. If it has missed messages,
 * it gets all that are retained. */
static void set_start(struct store *s, struct subscriber *sub,
                      struct channel *c, const struct event_id *after)
{
    const struct history *h = &c->history;

    lock_assert_held(&s->mutex);
    sub->channel = c;
    sub->has_turn = sub->poked = sub->beat = false;
    sub->gap = after && history_lost(h, *after);
    sub->last = after ? *after : h->last;
    if (!after)
        sub->cursor = h->next;
    else
        sub->cursor = sub->gap ? h->oldest : history_find(h, *after);
}

/* A subscriber's memory, used before or new; NULL if memory runs out. */
static struct subscriber *take_spare(struct store *s)
{
    lock_assert_held(&s->mutex);
    if (list_empty(&s->spare)) {
        struct block *b = calloc(1, sizeof *b);

        if (!b)
            return NULL;
        b->next = s->blocks;
        s->blocks = b;
        for (size_t i = 0; i < STORE_BLOCK; i++) {
            lock_cond_init(&b->subscribers[i].wake);
            b->subscribers[i].channel = &s->channels.nameless;
            list_push_back(&s->spare, &b->subscribers[i].link);
        }
    }
    return LIST_ENTRY(list_pop_front(&s->spare), struct subscriber, link);
}

struct subscriber *store_subscribe(struct store *s, const char *channel,
                                   const struct event_id *after,
                                   struct event_id *last)
{
    struct subscriber *sub = NULL;
    struct channel *c = NULL;

    pthread_mutex_lock(&s->mutex);
    if (!s->closed && s->subscribers < s->max_subscribers)
        c = channels_enter(&s->channels, channel);
    if (c)
        sub = take_spare(s);
    *last = after ? *after : channels_last(&s->channels, channel);
    if (sub) {
        set_start(s, sub, c, after);
        sub->thread = gettid();
        s->subscribers++;
        c->subscribers++;
    } else {
        s->refused++;
        if (c)
            channels_leave(&s->channels, c);
    }
    store_unlock_and_bury(s);
    return sub;
}

bool store_peek(struct store *s, const char *channel, struct event_id after,
                struct store_batch *batch)
{
    struct subscriber visitor;
    struct channel absent;
    bool news;

    pthread_mutex_lock(&s->mutex);
    set_start(s, &visitor, channels_look(&s->channels, channel, &absent),
              &after);
    news = store_has_news(s, &visitor);
    if (news)
        store_collect(s, &visitor, LIMIT_BATCH, batch);
    pthread_mutex_unlock(&s->mutex);
    return news;
}

void store_unsubscribe(struct store *s, struct subscriber *sub)
{
    struct channel *c = sub->channel;

    pthread_mutex_lock(&s->mutex);
    s->subscribers--;
    c->subscribers--;
    if (s->closed && sub->cursor < c->history.next) {
        s->cut_short++;
        s->unsent += c->history.next - sub->cursor;
    }
    sub->channel = &s->channels.nameless; /* which stays, see store_poke */
    sub->thread = 0;
    trace(&s->trace, TRACE_ENDS, 0, NULL);
    list_push_back(&s->spare, &sub->link);
    channels_leave(&s->channels, c);
    store_unlock_and_bury(s);
}

void store_poke(struct store *s, struct subscriber *sub)
{
    pthread_mutex_lock(&s->mutex);
    sub->poked = true;
    trace(&s->trace, TRACE_POKES, sub->thread, NULL);
    pthread_mutex_unlock(&s->mutex);
    pthread_cond_signal(&sub->wake);
}

/* Signals under the mutex, so that the list does not change; there is no hurry.
 */
static void wake_list(struct store *s, struct list *list)
{
    lock_assert_held(&s->mutex);
    for (struct list *l = list->next; l != list; l = l->next)
        pthread_cond_signal(&LIST_ENTRY(l, struct subscriber, link)->wake);
}

static void wake_idle(struct store *s)
{
    const struct list *all = &s->channels.all;

    for (struct list *l = all->next; l != all; l = l->next)
        wake_list(s, &LIST_ENTRY(l, struct channel, link)->idle);
}

void store_close(struct store *s)
{
    pthread_mutex_lock(&s->mutex);
    s->closed = true;
    pthread_cond_broadcast(&s->slow.changed);
    wake_idle(s);
    pthread_mutex_unlock(&s->mutex);
}

void store_abandon(struct store *s)
{
    pthread_mutex_lock(&s->mutex);
    s->closed = s->abandoned = true;
    wake_idle(s);
    wake_list(s, &s->ready);
    pthread_mutex_unlock(&s->mutex);
}

void store_set_budget(struct store *s, struct budget *budget)
{
    s->budget = budget;
}
