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
 * that changes either ends by give_turns, which beyond WAKE_MAX takes rounds.
 */
#include "store.h"

#include "clock.h"
#include "store_private.h"

#include <errno.h>

enum { WAKE_MAX = 64 }; /* signals sent for one hold of the mutex */

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

void store_collect(struct store *s, struct subscriber *sub, size_t max,
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
    return sub->has_turn || sub->poked ||
           (s->closed && !store_has_news(s, sub));
}

/* Queues the subscriber and sleeps until it may go, or the deadline passes;
 * who has news stays in the queue beyond that, so as to keep its place. */
static void queue_and_sleep(struct store *s, struct subscriber *sub,
                            int64_t deadline)
{
    struct timespec until;

    if (store_has_news(s, sub) && s->free_turns > 0) {
        s->free_turns--;
        sub->has_turn = true;
        return;
    }
    sub->since = clock_monotonic_ms();
    until = clock_timespec(deadline);
    list_push_back(store_has_news(s, sub) ? &s->ready : &s->idle, &sub->link);
    while (!may_go(s, sub)) {
        if (deadline == STORE_FOREVER || store_has_news(s, sub))
            pthread_cond_wait(&sub->wake, &s->mutex);
        else if (pthread_cond_timedwait(&sub->wake, &s->mutex, &until) ==
                     ETIMEDOUT &&
                 !store_has_news(s, sub))
            break;
    }
    list_remove(&sub->link);
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
            store_keep_turn(s);
        news = store_has_news(s, sub) ? STORE_MESSAGES : STORE_HEARTBEAT;
        store_collect(s, sub, max, batch);
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
