/*
 * store: many threads at once. Whatever the turns, and whoever is poked, times
 * out or comes back after its last id: all see every message, in one order.
 */
#include "store_check.h"
#include "unit.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(store_crowd, .timeout = TEST_SECONDS);

enum {
    PUBLISHERS = 4,
    MESSAGES = 250, /* of each publisher */
    TOTAL = PUBLISHERS * MESSAGES,
    STEADY = 10,  /* subscribers that stay */
    HOPPERS = 4,  /* and that go and come back */
    RESTLESS = 3, /* of both kinds: with short deadlines and small batches */
};

struct crowd {
    struct store *store;
    int64_t deadline;
    atomic_bool done;
    /* A poke may come too late: the subscriber has gone by then. */
    _Atomic(struct subscriber *) subs[STEADY + HOPPERS];
};

/* One thread's own. */
struct listener {
    struct crowd *crowd;
    int number;
    bool hops;
    pthread_t thread;
    int count;
    int gaps;
    struct event_id ids[TOTAL];
    int numbers[TOTAL];
};

struct publisher {
    struct crowd *crowd;
    int number;
    pthread_t thread;
};

static void *publish_many(void *argument)
{
    struct publisher *p = argument;

    for (int i = 0; i < MESSAGES; i++)
        publish(p->crowd->store, p->number * MESSAGES + i);
    return NULL;
}

static void *poke_all(void *argument)
{
    struct crowd *c = argument;

    for (int i = 0; !c->done; i++) {
        store_poke(c->store, c->subs[i % (STEADY + HOPPERS)]);
        usleep(20); /* leaves the mutex to others */
    }
    return NULL;
}

/* Notes a batch down, and gives it back. */
static void note(struct listener *l, struct store_batch *batch)
{
    l->gaps += batch->gap;
    for (size_t i = 0; i < batch->count; i++) {
        struct message *m = batch->messages[i];

        if (l->count < TOTAL) {
            l->ids[l->count] = message_id(m);
            l->numbers[l->count] = message_number(m);
        }
        l->count++;
        message_unref(m);
    }
}

/* Leaves, and comes back after its last id. */
static void hop(struct listener *l)
{
    struct crowd *c = l->crowd;
    struct event_id last = {0, 0};
    struct subscriber *sub;

    if (l->count > 0 && l->count <= TOTAL)
        last = l->ids[l->count - 1];
    store_unsubscribe(c->store, c->subs[l->number]);
    sub = store_subscribe(c->store, "", &last, &last);
    if (!sub)
        abort(); /* its place was free a moment ago */
    c->subs[l->number] = sub;
}

static void *listen_to_all(void *argument)
{
    struct listener *l = argument;
    struct crowd *c = l->crowd;
    bool restless = l->number % 4 < RESTLESS;

    while (l->count < TOTAL && clock_monotonic_ms() < c->deadline) {
        int64_t deadline = restless ? in_ms(l->count % 3) : c->deadline;
        size_t max = restless ? 1 + (size_t)l->count % 7 : LIMIT_BATCH;
        struct store_batch batch;

        if (store_wait(c->store, c->subs[l->number], deadline, max, &batch) ==
            STORE_MESSAGES)
            note(l, &batch);
        if (l->hops)
            hop(l);
    }
    return NULL;
}

/* All saw the same, each publisher's messages in its own order. */
static void check(const struct listener *listeners)
{
    const struct listener *first = &listeners[0];
    int next[PUBLISHERS] = {0};

    for (int i = 0; i < STEADY + HOPPERS; i++) {
        const struct listener *l = &listeners[i];

        cr_assert(l->count == TOTAL, "%d has %d of %d", i, l->count, TOTAL);
        cr_expect(l->gaps == 0, "%d was told of %d gaps", i, l->gaps);
        cr_expect(memcmp(l->ids, first->ids, sizeof l->ids) == 0,
                  "%d has other ids than 0", i);
        cr_expect(memcmp(l->numbers, first->numbers, sizeof l->numbers) == 0,
                  "%d has another order than 0", i);
    }
    for (int i = 0; i < TOTAL; i++) {
        int publisher = first->numbers[i] / MESSAGES;

        cr_assert(publisher >= 0 && publisher < PUBLISHERS);
        cr_expect_eq(first->numbers[i] % MESSAGES, next[publisher]++);
        if (i > 0)
            cr_expect_lt(event_id_compare(first->ids[i - 1], first->ids[i]), 0);
    }
}

static void start(struct crowd *c, struct listener *listeners, size_t turns)
{
    const struct event_id zero = {0, 0};

    c->store = store_new(TOTAL, turns, STEADY + HOPPERS);
    c->deadline = in_ms(2 * PATIENCE_MS);
    c->done = false;
    for (int i = 0; i < STEADY + HOPPERS; i++)
        c->subs[i] = subscribe_after(c->store, zero);
    for (int i = 0; i < STEADY + HOPPERS; i++) {
        struct listener *l = &listeners[i];

        *l = (struct listener){.crowd = c, .number = i, .hops = i >= STEADY};
        pthread_create(&l->thread, NULL, listen_to_all, l);
    }
}

static void run_crowd(size_t turns)
{
    static struct listener listeners[STEADY + HOPPERS];
    struct publisher publishers[PUBLISHERS];
    struct crowd c;
    pthread_t poker;

    start(&c, listeners, turns);
    pthread_create(&poker, NULL, poke_all, &c);
    for (int i = 0; i < PUBLISHERS; i++) {
        publishers[i] = (struct publisher){.crowd = &c, .number = i};
        pthread_create(&publishers[i].thread, NULL, publish_many,
                       &publishers[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(publishers[i].thread, NULL);
    for (int i = 0; i < STEADY + HOPPERS; i++)
        pthread_join(listeners[i].thread, NULL);
    c.done = true;
    pthread_join(poker, NULL);
    check(listeners);
    cr_expect_eq(store_stats(c.store).deliveries,
                 (uint64_t)(TOTAL * (STEADY + HOPPERS)));
    for (int i = 0; i < STEADY + HOPPERS; i++)
        store_unsubscribe(c.store, c.subs[i]);
    store_free(c.store);
}

Test(store_crowd, herd)
{
    run_crowd(0);
}

Test(store_crowd, one_turn)
{
    run_crowd(1);
}

Test(store_crowd, two_turns)
{
    run_crowd(2);
}

Test(store_crowd, many_turns)
{
    run_crowd(100);
}
