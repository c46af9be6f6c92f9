/*
 * store: a history far too short for its publishers. Subscribers lose
 * messages, but never one without being told, and never their order.
 */
#include "store_check.h"
#include "unit.h"

#include "base/clock.h"

#include <pthread.h>

TestSuite(store_gaps, .timeout = TEST_SECONDS);

enum {
    PUBLISHERS = 3,
    MESSAGES = 400, /* of each publisher */
    LISTENERS = 6,
    LAST = PUBLISHERS * MESSAGES, /* the very last message's number */
};

struct publisher {
    struct store *store;
    int number;
    pthread_t thread;
};

struct listener {
    struct store *store;
    struct subscriber *sub;
    size_t max; /* in a batch */
    pthread_t thread;
    int next[PUBLISHERS]; /* of each publisher, the message to come */
    struct event_id last;
    bool has_last;
    bool ended;
    const char *fault; /* NULL: all was well */
};

static void *publish_many(void *argument)
{
    struct publisher *p = argument;

    for (int i = 0; i < MESSAGES; i++)
        publish(p->store, p->number * MESSAGES + i);
    return NULL;
}

static void check_gap(struct listener *l, const struct store_batch *batch)
{
    if (l->has_last && event_id_compare(batch->gap_after, l->last) != 0)
        l->fault = "a gap that doesn't begin where it was";
    if (batch->count == 0 || !batch->has_oldest)
        l->fault = "a gap without what comes after it";
    else if (event_id_compare(batch->oldest, message_id(batch->messages[0])) !=
             0)
        l->fault = "a gap that doesn't end where it goes on";
}

/* After a gap, messages may be missing; otherwise each one is the next. */
static void check_message(struct listener *l, struct message *m, bool gap)
{
    int number = message_number(m), publisher = number / MESSAGES;
    int i = number % MESSAGES;

    if (l->has_last && event_id_compare(l->last, message_id(m)) >= 0)
        l->fault = "ids that don't increase";
    l->last = message_id(m);
    l->has_last = true;
    if (number == LAST) {
        l->ended = true;
        return;
    }
    if (i < l->next[publisher] || (!gap && i > l->next[publisher]))
        l->fault = "a message lost or doubled without a gap";
    l->next[publisher] = i + 1;
}

/* A gap is before the batch's first message; what it lost of the others shows
 * at the next message of each. */
static void check_batch(struct listener *l, struct store_batch *batch,
                        bool lossy[PUBLISHERS])
{
    if (batch->gap) {
        check_gap(l, batch);
        for (int i = 0; i < PUBLISHERS; i++)
            lossy[i] = true;
    }
    for (size_t i = 0; i < batch->count; i++) {
        struct message *m = batch->messages[i];
        int publisher = message_number(m) / MESSAGES;
        bool gap = publisher < PUBLISHERS && lossy[publisher];

        check_message(l, m, gap);
        if (publisher < PUBLISHERS)
            lossy[publisher] = false;
        message_unref(m);
    }
}

static void *listen_to_some(void *argument)
{
    struct listener *l = argument;
    int64_t deadline = in_ms(2 * PATIENCE_MS);
    bool lossy[PUBLISHERS] = {false};

    while (!l->ended && !l->fault) {
        struct store_batch batch;

        if (store_wait(l->store, l->sub, deadline, l->max, &batch) ==
            STORE_MESSAGES)
            check_batch(l, &batch, lossy);
        else
            l->fault = "waited in vain";
    }
    return NULL;
}

static void run_gaps(size_t history, size_t turns)
{
    struct store *s = store_new(history, turns, LISTENERS);
    struct publisher publishers[PUBLISHERS];
    struct listener listeners[LISTENERS];

    for (int i = 0; i < LISTENERS; i++) {
        listeners[i] = (struct listener){
            .store = s, .sub = subscribe_live(s), .max = 1 + (size_t)i * 3};
        pthread_create(&listeners[i].thread, NULL, listen_to_some,
                       &listeners[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++) {
        publishers[i] = (struct publisher){.store = s, .number = i};
        pthread_create(&publishers[i].thread, NULL, publish_many,
                       &publishers[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(publishers[i].thread, NULL);
    publish(s, LAST);
    for (int i = 0; i < LISTENERS; i++) {
        pthread_join(listeners[i].thread, NULL);
        cr_expect(!listeners[i].fault, "%s", listeners[i].fault);
        store_unsubscribe(s, listeners[i].sub);
    }
    store_free(s);
}

static const size_t turns[] = {0, 1, 2};

Test(store_gaps, history_of_one)
{
    for (size_t i = 0; i < COUNT(turns); i++)
        run_gaps(1, turns[i]);
}

Test(store_gaps, history_of_seven)
{
    for (size_t i = 0; i < COUNT(turns); i++)
        run_gaps(7, turns[i]);
}
