/*
 * race: a publisher and two subscribers as they come, under ThreadSanitizer,
 * which sees what they share without a mutex. grade.c does not: there, a thread
 * is alone between two points.
 */
#include "store/subscribers.h"

#include <jansson.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

enum { READERS = 2, MESSAGES = 200, LIMIT_S = 20 };

static struct store *store;

static void *receive(void *argument)
{
    struct subscriber *sub = argument;
    struct store_batch batch;
    size_t got = 0;

    while (got < MESSAGES)
        if (store_wait(store, sub, STORE_FOREVER, 4, &batch) ==
            STORE_MESSAGES) {
            got += batch.count;
            store_release(&batch);
        }
    store_unsubscribe(store, sub);
    return NULL;
}

static void *publish(void *unused)
{
    json_t *text = json_string("hello");

    for (int i = 0; i < MESSAGES; i++) {
        struct message *m = message_new(text, 1000);

        store_publish(store, m);
        message_unref(m);
        sched_yield();
    }
    json_decref(text);
    return unused;
}

int main(void)
{
    pthread_t readers[READERS], publisher;
    struct subscriber *subs[READERS];
    struct event_id last;

    alarm(LIMIT_S); /* ends the program */
    store = store_new(2 * MESSAGES, 1, READERS);
    for (int i = 0; i < READERS; i++) {
        subs[i] = store_subscribe(store, NULL, &last);
        pthread_create(&readers[i], NULL, receive, subs[i]);
    }
    pthread_create(&publisher, NULL, publish, NULL);
    /* A subscriber that has left may be poked: its memory stays. */
    for (int i = 0; i < MESSAGES; i++)
        store_poke(store, subs[i % READERS]);
    pthread_join(publisher, NULL);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    store_free(store);
    return 0;
}
