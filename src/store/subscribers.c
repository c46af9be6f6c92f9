/*
 * subscribers: see subscribers.h. Also makes and frees the store itself, with
 * the memory of its subscribers.
 */
#include "store/subscribers.h"

#include "base/clock.h"
#include "store/store_private.h"

#include <stdlib.h>

enum { BLOCK = 64 }; /* subscribers made at a time */

/* Made many at a time. If each thread called malloc for its own, malloc would
 * give each thread a cache, which costs more than the subscriber. */
struct block {
    struct block *next;
    struct subscriber subscribers[BLOCK];
};

struct store *store_new(size_t history, size_t turns, size_t max_subscribers)
{
    struct store *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    if (history_init(&s->history, history, clock_realtime_ms()) < 0) {
        free(s);
        return NULL;
    }
    lock_mutex_init(&s->mutex);
    lock_cond_init(&s->speeded);
    s->max_subscribers = max_subscribers;
    s->turns = turns;
    s->free_turns = turns ? turns : SIZE_MAX;
    list_init(&s->idle);
    list_init(&s->ready);
    list_init(&s->spare);
    return s;
}

void store_free(struct store *s)
{
    assert(s->subscribers == 0);
    for (struct block *b = s->blocks, *next; b; b = next) {
        next = b->next;
        for (size_t i = 0; i < BLOCK; i++)
            pthread_cond_destroy(&b->subscribers[i].wake);
        free(b);
    }
    history_destroy(&s->history);
    pthread_cond_destroy(&s->speeded);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

/* Sets where a new subscriber begins. If it has missed messages, it gets all
 * that are retained. */
static void set_start(struct store *s, struct subscriber *sub,
                      const struct event_id *after)
{
    const struct history *h = &s->history;

    lock_assert_held(&s->mutex);
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
        for (size_t i = 0; i < BLOCK; i++) {
            lock_cond_init(&b->subscribers[i].wake);
            list_push_back(&s->spare, &b->subscribers[i].link);
        }
    }
    return LIST_ENTRY(list_pop_front(&s->spare), struct subscriber, link);
}

struct subscriber *store_subscribe(struct store *s,
                                   const struct event_id *after,
                                   struct event_id *last)
{
    struct subscriber *sub = NULL;

    pthread_mutex_lock(&s->mutex);
    if (!s->closed && s->subscribers < s->max_subscribers)
        sub = take_spare(s);
    *last = after ? *after : s->history.last;
    if (sub) {
        set_start(s, sub, after);
        s->subscribers++;
    } else {
        s->refused++;
    }
    pthread_mutex_unlock(&s->mutex);
    return sub;
}

bool store_peek(struct store *s, struct event_id after,
                struct store_batch *batch)
{
    struct subscriber visitor;
    bool news;

    pthread_mutex_lock(&s->mutex);
    set_start(s, &visitor, &after);
    news = store_has_news(s, &visitor);
    if (news)
        store_collect(s, &visitor, LIMIT_BATCH, batch);
    pthread_mutex_unlock(&s->mutex);
    return news;
}

void store_unsubscribe(struct store *s, struct subscriber *sub)
{
    pthread_mutex_lock(&s->mutex);
    s->subscribers--;
    if (s->closed && sub->cursor < s->history.next) {
        s->cut_short++;
        s->unsent += s->history.next - sub->cursor;
    }
    list_push_back(&s->spare, &sub->link);
    pthread_mutex_unlock(&s->mutex);
}

void store_poke(struct store *s, struct subscriber *sub)
{
    pthread_mutex_lock(&s->mutex);
    sub->poked = true;
    pthread_mutex_unlock(&s->mutex);
    pthread_cond_signal(&sub->wake);
}

/* Signals under the mutex, so that the list does not change; there is no hurry.
 */
static void wake_all(struct store *s, struct list *list)
{
    lock_assert_held(&s->mutex);
    for (struct list *l = list->next; l != list; l = l->next)
        pthread_cond_signal(&LIST_ENTRY(l, struct subscriber, link)->wake);
}

void store_close(struct store *s)
{
    pthread_mutex_lock(&s->mutex);
    s->closed = true;
    pthread_cond_broadcast(&s->speeded);
    wake_all(s, &s->idle);
    pthread_mutex_unlock(&s->mutex);
}

void store_abandon(struct store *s)
{
    pthread_mutex_lock(&s->mutex);
    s->closed = s->abandoned = true;
    wake_all(s, &s->idle);
    wake_all(s, &s->ready);
    pthread_mutex_unlock(&s->mutex);
}

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
        .cut_short = s->cut_short,
        .unsent = s->unsent,
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
    else if (sub->beat || store_has_news(s, sub))
        place = STORE_READY;
    pthread_mutex_unlock(&s->mutex);
    return place;
}

void store_set_budget(struct store *s, struct budget *budget)
{
    s->budget = budget;
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
        for (size_t i = 0; i < BLOCK; i++) {
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
