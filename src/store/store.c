/*
 * store: see store.h.
 *
 * A subscriber of a running store is always in one of four places:
 *
 *     idle     has everything, sleeps in store_wait
 *     ready    has messages or a heartbeat to send, sleeps until it has a turn
 *     turn     has a turn (has_turn), collects, inside store_wait
 *     outside  writes its batch, in no list
 *
 * Invariant: no turn is free while anybody is in `ready`. So a function that
 * frees a turn, or adds to `ready`, ends by store_unlock_and_wake.
 */
#include "store/store.h"

#include "base/clock.h"
#include "store/store_private.h"

/* Gives free turns to the first of `ready`, and lists these subscribers in
 * `woken`, which has room for LIMIT_WAKE. Returns how many they are. */
static size_t give_turns(struct store *s, struct subscriber **woken)
{
    size_t n = 0;

    lock_assert_held(&s->mutex);
    while (n < LIMIT_WAKE && s->free_turns > 0 && !list_empty(&s->ready)) {
        struct subscriber *sub =
            LIST_ENTRY(list_pop_front(&s->ready), struct subscriber, link);

        sub->has_turn = true;
        s->free_turns--;
        trace(&s->trace, TRACE_GIVES, sub->thread, NULL);
        woken[n++] = sub;
    }
    return n;
}

/*
 * Keeps the invariant, unlocks, and only then signals, so that the thread that
 * wakes finds the mutex free. A subscriber may see its turn without the signal,
 * and leave. Then the signal reaches the next user of its memory, which looks
 * at its predicate and sleeps again.
 */
void store_unlock_and_wake(struct store *s)
{
    struct subscriber *woken[LIMIT_WAKE];
    size_t n;

    for (;;) {
        n = give_turns(s, woken);
        pthread_mutex_unlock(&s->mutex);
        for (size_t i = 0; i < n; i++)
            pthread_cond_signal(&woken[i]->wake);
        if (n < LIMIT_WAKE)
            return;
        pthread_mutex_lock(&s->mutex);
    }
}

bool store_publish(struct store *s, struct message *m)
{
    struct message *evicted = NULL;
    struct channel *c = NULL;

    trace(&s->trace, TRACE_ASKS, 0, NULL);
    pthread_mutex_lock(&s->mutex);
    if (!s->closed)
        c = channels_add(&s->channels, m, clock_realtime_ms(), &evicted);
    if (c) {
        trace(&s->trace, TRACE_PUBLISHES, c->number, &c->history.last);
        list_move_all(&s->ready, &c->idle);
    }
    store_unlock_and_wake(s);
    trace(&s->trace, TRACE_PUBLISHED, 0, NULL);
    if (evicted) /* slow subscribers may still hold it */
        message_charge(evicted, s->budget);
    message_unref(evicted);
    return c != NULL;
}

/* Takes a turn if the subscriber has messages and a turn is free. */
static bool take_free_turn(struct store *s, struct subscriber *sub)
{
    if (!store_has_news(s, sub) || s->free_turns == 0)
        return false;
    s->free_turns--;
    sub->has_turn = true;
    return true;
}

/* The predicate of sleep_until_it_may_go. */
static bool may_go(struct store *s, const struct subscriber *sub)
{
    return sub->has_turn || sub->poked || store_ended(s, sub);
}

/* Sleeps until the deadline at most. Returns false if it passed. A subscriber
 * that has messages keeps its place in `ready`, whatever the deadline. */
static bool sleep_once(struct store *s, struct subscriber *sub,
                       int64_t deadline)
{
    const struct timespec until = clock_timespec(deadline);

    trace(&s->trace, TRACE_SLEEPS, sub->channel->number, NULL);
    if (deadline == STORE_FOREVER || store_has_news(s, sub))
        return pthread_cond_wait(&sub->wake, &s->mutex) == 0;
    return pthread_cond_timedwait(&sub->wake, &s->mutex, &until) != ETIMEDOUT ||
           store_has_news(s, sub);
}

/* Waits in `ready` or in `idle`. */
static void sleep_until_it_may_go(struct store *s, struct subscriber *sub,
                                  int64_t deadline)
{
    sub->beat = false;
    sub->since = clock_monotonic_ms();
    list_push_back(store_has_news(s, sub) ? &s->ready : &sub->channel->idle,
                   &sub->link);
    /*
     * No wake-up is lost. This thread holds the mutex from its look at the
     * predicate until it sleeps: pthread_cond_wait falls asleep and releases
     * the mutex in one step. The thread that changes the predicate holds the
     * mutex, too. So it changes it before the look, which then sees the change,
     * or during the sleep, which its signal then ends.
     *
     * It is a loop, because a wake-up proves nothing: it may be spurious, or
     * meant for the former user of this memory. Only the predicate counts.
     */
    while (!may_go(s, sub))
        if (!sleep_once(s, sub, deadline))
            break;
    trace(&s->trace, TRACE_WAKES, 0, NULL);
    list_remove(&sub->link);
}

void store_collect(struct store *s, struct subscriber *sub, size_t max,
                   struct store_batch *batch)
{
    const struct history *h = &sub->channel->history;
    size_t bytes = 0;

    lock_assert_held(&s->mutex);
    batch->count = 0;
    batch->gap = sub->gap || sub->cursor < h->oldest;
    batch->gap_after = sub->last;
    batch->has_oldest = h->oldest < h->next;
    batch->oldest =
        batch->has_oldest ? message_id(history_at(h, h->oldest)) : h->last;
    batch->channel = sub->channel->name;
    if (batch->gap)
        s->gaps++;
    sub->gap = false;
    if (sub->cursor < h->oldest)
        sub->cursor = h->oldest;
    while (batch->count < max && batch->count < LIMIT_BATCH &&
           bytes < LIMIT_BATCH_BYTES && sub->cursor < h->next) {
        struct message *m = history_at(h, sub->cursor++);

        sub->last = message_id(m);
        bytes += message_event(m).len;
        batch->messages[batch->count++] = message_ref(m);
    }
    s->deliveries += batch->count;
}

enum store_news store_wait(struct store *s, struct subscriber *sub,
                           int64_t deadline, size_t max,
                           struct store_batch *batch)
{
    enum store_news news = STORE_TIMEOUT;

    trace(&s->trace, TRACE_ASKS, 0, NULL);
    pthread_mutex_lock(&s->mutex);
    if (!store_ended(s, sub) && !take_free_turn(s, sub))
        sleep_until_it_may_go(s, sub, deadline);
    if (sub->has_turn) {
        if (s->slow.ms > 0)
            store_keep_turn(s);
        news = store_has_news(s, sub) ? STORE_MESSAGES : STORE_HEARTBEAT;
        store_collect(s, sub, max, batch);
        sub->has_turn = false;
        s->free_turns += slow_motion_turn_back(&s->slow);
    } else if (sub->poked) {
        sub->poked = false;
        news = STORE_POKED;
    } else if (store_ended(s, sub)) {
        news = STORE_CLOSED;
    }
    trace(&s->trace, TRACE_LEAVES, (int)news, &sub->last);
    store_unlock_and_wake(s);
    return news;
}
