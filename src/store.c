/*
 * store: see store.h.
 *
 * A subscriber of a running store is always in one of four places:
 *
 *     idle     has everything, waits in store_wait
 *     ready    has messages or a heartbeat to send, waits there for a turn
 *     turn     has a turn (has_turn), collects, inside store_wait
 *     outside  writes its batch, in no list
 *
 * Free turns and a waiting `ready` never stand side by side: every function
 * that changes either ends by give_turns.
 */
#include "store.h"

#include "clock.h"
#include "history.h"
#include "list.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    WAKE_MAX = 64, /* signals sent for one hold of the mutex */
    BLOCK = 64,    /* subscribers made at a time */
};

struct subscriber {
    pthread_cond_t wake; /* used with the store's mutex */

    /* Guarded by the store's mutex. */
    struct list link; /* in idle, in ready, in spare, or in none */
    bool has_turn;
    bool poked;
    bool gap;             /* messages after `last` were gone when it came */
    int64_t since;        /* it is idle; ms, monotonic */
    uint64_t cursor;      /* number of the message that it wants next */
    struct event_id last; /* it has, or asked for no, messages up to here */
};

/* Made many at a time, lest each thread call malloc: its cache alone would cost
 * 0.7 KiB of the thread's 8.3. */
struct block {
    struct block *next;
    struct subscriber subscribers[BLOCK];
};

struct store {
    pthread_mutex_t mutex;

    /* Set once by store_new. */
    pthread_condattr_t monotonic;
    size_t turns, max_subscribers;

    /* Guarded by the mutex. */
    struct history history;
    struct list idle;
    struct list ready;
    struct list spare; /* subscribers to be used, or used again */
    struct block *blocks;
    size_t free_turns;
    bool closed;
    int slow_ms;            /* see store_slow */
    pthread_cond_t speeded; /* slow_ms has changed, or the store is closed */
    size_t subscribers;
    uint64_t deliveries, gaps, refused;
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

static bool has_news(const struct store *s, const struct subscriber *sub)
{
    return sub->gap || sub->cursor < s->history.next;
}

/* Gives free turns to the first of `ready` and lists them in `woken`, which
 * takes WAKE_MAX; returns how many. */
static size_t give_turns(struct store *s, struct subscriber **woken)
{
    size_t n = 0;

    while (n < WAKE_MAX && s->free_turns > 0 && !list_empty(&s->ready)) {
        struct subscriber *sub =
            LIST_ENTRY(list_pop_front(&s->ready), struct subscriber, link);

        sub->has_turn = true;
        s->free_turns--;
        woken[n++] = sub;
    }
    return n;
}

/*
 * Gives the free turns away and unlocks, and only then signals, so that who
 * wakes finds the mutex free. By then a subscriber may have seen its turn by
 * itself, and be gone: the signal goes to its memory's next user, who checks
 * its predicate and sleeps on.
 */
static void unlock_and_wake(struct store *s)
{
    struct subscriber *woken[WAKE_MAX];
    size_t n;

    for (;;) {
        n = give_turns(s, woken);
        pthread_mutex_unlock(&s->mutex);
        for (size_t i = 0; i < n; i++)
            pthread_cond_signal(&woken[i]->wake);
        if (n < WAKE_MAX)
            return;
        pthread_mutex_lock(&s->mutex);
    }
}

void store_publish(struct store *s, struct message *m)
{
    struct message *evicted;

    pthread_mutex_lock(&s->mutex);
    evicted = history_add(&s->history, m, clock_realtime_ms());
    list_move_all(&s->ready, &s->idle);
    unlock_and_wake(s);
    message_unref(evicted);
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

void store_unsubscribe(struct store *s, struct subscriber *sub)
{
    pthread_mutex_lock(&s->mutex);
    s->subscribers--;
    list_push_back(&s->spare, &sub->link);
    pthread_mutex_unlock(&s->mutex);
}

/* Moves the cursor over at most max messages and hands them out. */
static void collect(struct store *s, struct subscriber *sub, size_t max,
                    struct store_batch *batch)
{
    const struct history *h = &s->history;

    batch->count = 0;
    batch->gap = sub->gap || sub->cursor < h->oldest;
    batch->gap_after = sub->last;
    batch->has_oldest = h->oldest < h->next;
    if (batch->has_oldest)
        batch->oldest = message_id(history_at(h, h->oldest));
    if (batch->gap)
        s->gaps++;
    sub->gap = false;
    if (sub->cursor < h->oldest)
        sub->cursor = h->oldest;
    while (batch->count < max && batch->count < STORE_BATCH &&
           sub->cursor < h->next) {
        struct message *m = history_at(h, sub->cursor++);

        sub->last = message_id(m);
        batch->messages[batch->count++] = message_ref(m);
    }
    s->deliveries += batch->count;
}

/* The predicate that store_wait sleeps on: may the subscriber go on? */
static bool may_go(const struct store *s, const struct subscriber *sub)
{
    return sub->has_turn || sub->poked || (s->closed && !has_news(s, sub));
}

/* Queues the subscriber and sleeps until it may go, or the deadline passes;
 * who has news stays in the queue beyond that, so as to keep its place. */
static void queue_and_sleep(struct store *s, struct subscriber *sub,
                            int64_t deadline)
{
    struct timespec until;

    if (has_news(s, sub) && s->free_turns > 0) {
        s->free_turns--;
        sub->has_turn = true;
        return;
    }
    sub->since = clock_monotonic_ms();
    until = clock_timespec(deadline);
    list_push_back(has_news(s, sub) ? &s->ready : &s->idle, &sub->link);
    while (!may_go(s, sub)) {
        if (deadline == STORE_FOREVER || has_news(s, sub))
            pthread_cond_wait(&sub->wake, &s->mutex);
        else if (pthread_cond_timedwait(&sub->wake, &s->mutex, &until) ==
                     ETIMEDOUT &&
                 !has_news(s, sub))
            break;
    }
    list_remove(&sub->link);
}

/* Slow motion: keeps the turn for slow_ms, with the mutex released. */
static void keep_turn(struct store *s)
{
    const int64_t start = clock_monotonic_ms();

    while (s->slow_ms > 0 && !s->closed) {
        struct timespec until = clock_timespec(start + s->slow_ms);

        if (pthread_cond_timedwait(&s->speeded, &s->mutex, &until) == ETIMEDOUT)
            return;
    }
}

enum store_news store_wait(struct store *s, struct subscriber *sub,
                           int64_t deadline, size_t max,
                           struct store_batch *batch)
{
    enum store_news news = STORE_TIMEOUT;

    pthread_mutex_lock(&s->mutex);
    queue_and_sleep(s, sub, deadline);
    if (sub->has_turn) {
        if (s->slow_ms > 0)
            keep_turn(s);
        news = has_news(s, sub) ? STORE_MESSAGES : STORE_HEARTBEAT;
        collect(s, sub, max, batch);
        sub->has_turn = false;
        s->free_turns++;
    } else if (sub->poked) {
        sub->poked = false;
        news = STORE_POKED;
    } else if (s->closed) {
        news = STORE_CLOSED;
    }
    unlock_and_wake(s);
    return news;
}

void store_poke(struct store *s, struct subscriber *sub)
{
    pthread_mutex_lock(&s->mutex);
    sub->poked = true;
    pthread_mutex_unlock(&s->mutex);
    pthread_cond_signal(&sub->wake);
}

int64_t store_heartbeat(struct store *s, int64_t since)
{
    int64_t next = INT64_MAX;

    pthread_mutex_lock(&s->mutex);
    /* The longest idle stand in front. */
    while (!list_empty(&s->idle)) {
        struct subscriber *sub =
            LIST_ENTRY(s->idle.next, struct subscriber, link);

        if (sub->since > since) {
            next = sub->since;
            break;
        }
        list_remove(&sub->link);
        list_push_back(&s->ready, &sub->link);
    }
    unlock_and_wake(s);
    return next;
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
    else if (has_news(s, sub))
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
