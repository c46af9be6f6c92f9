/*
 * subscribers: how the store is made and ended, and how subscribers come and
 * go: see store.h.
 */
#include "store.h"

#include "clock.h"
#include "store_private.h"

#include <assert.h>
#include <stdlib.h>

enum { BLOCK = 64 }; /* subscribers made at a time */

/* Made many at a time, lest each thread call malloc: its cache alone would cost
 * 0.7 KiB of the thread's 8.3. */
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
    pthread_mutex_init(&s->mutex, NULL);
    pthread_condattr_init(&s->monotonic);
    pthread_condattr_setclock(&s->monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->speeded, &s->monotonic);
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
    pthread_condattr_destroy(&s->monotonic);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

/* Sets where a new subscriber begins. */
static void place(const struct store *s, struct subscriber *sub,
                  const struct event_id *after)
{
    const struct history *h = &s->history;

    sub->has_turn = sub->poked = false;
    sub->gap = after && history_lost(h, *after);
    /* An id of the future is none that this history ever gave. */
    sub->last = h->last;
    if (after && event_id_compare(*after, h->last) < 0)
        sub->last = *after;
    sub->cursor = after ? history_find(h, *after) : h->next;
}

/* A subscriber's memory, used before or new; NULL if there is none. */
static struct subscriber *take_spare(struct store *s)
{
    if (list_empty(&s->spare)) {
        struct block *b = calloc(1, sizeof *b);

        if (!b)
            return NULL;
        b->next = s->blocks;
        s->blocks = b;
        for (size_t i = 0; i < BLOCK; i++) {
            pthread_cond_init(&b->subscribers[i].wake, &s->monotonic);
            list_push_back(&s->spare, &b->subscribers[i].link);
        }
    }
    return LIST_ENTRY(list_pop_front(&s->spare), struct subscriber, link);
}

struct subscriber *store_subscribe(struct store *s,
                                   const struct event_id *after)
{
    struct subscriber *sub = NULL;

    pthread_mutex_lock(&s->mutex);
    if (!s->closed && s->subscribers < s->max_subscribers)
        sub = take_spare(s);
    if (sub) {
        place(s, sub, after);
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
    struct subscriber passer_by;
    bool news;

    pthread_mutex_lock(&s->mutex);
    place(s, &passer_by, &after);
    news = store_has_news(s, &passer_by);
    if (news)
        store_collect(s, &passer_by, STORE_BATCH, batch);
    pthread_mutex_unlock(&s->mutex);
    return news;
}

void store_unsubscribe(struct store *s, struct subscriber *sub)
{
    pthread_mutex_lock(&s->mutex);
    s->subscribers--;
    list_push_back(&s->spare, &sub->link);
    pthread_mutex_unlock(&s->mutex);
}

void store_close(struct store *s)
{
    pthread_mutex_lock(&s->mutex);
    s->closed = true;
    pthread_cond_broadcast(&s->speeded);
    /* Under the mutex, lest the list change; nobody is in a hurry any more. */
    for (struct list *l = s->idle.next; l != &s->idle; l = l->next)
        pthread_cond_signal(&LIST_ENTRY(l, struct subscriber, link)->wake);
    pthread_mutex_unlock(&s->mutex);
}
