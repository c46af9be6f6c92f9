/* keys: see keys.h. */
#include "journal/keys.h"

#include "base/list.h"
#include "base/lock.h"
#include "store/channels.h"
#include "store/inspect.h"
#include "store/publishers.h"

#include <search.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Keys that are looked at for each new one. One would never catch up; two keep
 * those that are gone fewer than those in use. */
enum { SWEEP = 2 };

/* Where a message is. */
struct seat {
    struct event_id id;
    char channel[CHANNEL_NAME_SIZE];
};

struct key_entry {
    struct list link; /* in all */
    struct seat seat; /* of its message */
    bool claimed;     /* it has none yet */
    char key[];
};

struct keys {
    struct store *store;
    pthread_mutex_t mutex;
    pthread_cond_t settled; /* some key is */

    /* Guarded by the mutex; the count may be read without it. */
    void *tree; /* of the entries' keys: see tsearch(3) */
    struct list all;
    atomic_size_t count;
};

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t keys_count(struct keys *k)
{
    return atomic_load_explicit(&k->count, memory_order_relaxed);
}

static struct key_entry *find(struct keys *k, const char *key)
{
    char **found;

    lock_assert_held(&k->mutex);
    found = tfind(key, &k->tree, compare);
    return found ? LIST_ENTRY(*found, struct key_entry, key) : NULL;
}

/* How many bytes it takes of those that channels may take. */
static ssize_t weight_of(const struct key_entry *e)
{
    enum { NODE = 4 * sizeof(void *) }; /* of the tree */

    return e->seat.channel[0] ? (ssize_t)(sizeof *e + strlen(e->key) + 1 + NODE)
                              : 0;
}

/* NULL if memory runs out. */
static struct key_entry *add(struct keys *k, const char *key)
{
    const size_t size = strlen(key) + 1;
    struct key_entry *e = malloc(sizeof *e + size);

    lock_assert_held(&k->mutex);
    if (!e)
        return NULL;
    *e = (struct key_entry){.claimed = true};
    memcpy(e->key, key, size);
    if (!tsearch(e->key, &k->tree, compare)) {
        free(e);
        return NULL;
    }
    list_push_back(&k->all, &e->link);
    k->count++;
    return e;
}

static void drop(struct keys *k, struct key_entry *e)
{
    lock_assert_held(&k->mutex);
    tdelete(e->key, &k->tree, compare);
    list_remove(&e->link);
    k->count--;
    free(e);
}

/* The message that was there has left the store. */
static void forget(struct keys *k, const char *key, const struct seat *seat)
{
    struct key_entry *e;
    ssize_t weight = 0;

    pthread_mutex_lock(&k->mutex);
    e = find(k, key);
    if (e && !e->claimed && event_id_compare(e->seat.id, seat->id) == 0) {
        weight = weight_of(e);
        drop(k, e);
    }
    pthread_mutex_unlock(&k->mutex);
    store_weigh(k->store, -weight);
}

/* Copies the next one to look at. False if its message is still to come. */
static bool next(struct keys *k, char key[LIMIT_KEY + 1], struct seat *seat)
{
    struct key_entry *e = NULL;

    pthread_mutex_lock(&k->mutex);
    if (!list_empty(&k->all)) {
        e = LIST_ENTRY(list_pop_front(&k->all), struct key_entry, link);
        list_push_back(&k->all, &e->link);
        if (e->claimed)
            e = NULL;
    }
    if (e) {
        memcpy(key, e->key, strlen(e->key) + 1);
        *seat = e->seat;
    }
    pthread_mutex_unlock(&k->mutex);
    return e != NULL;
}

void keys_sweep(struct keys *k)
{
    for (int i = 0; i < SWEEP && keys_count(k) > 0; i++) {
        char key[LIMIT_KEY + 1];
        struct seat seat;
        struct message *m;

        if (!next(k, key, &seat))
            continue;
        m = store_find(k->store, seat.channel, seat.id);
        if (!m)
            forget(k, key, &seat);
        message_unref(m);
    }
}

/* Waits as long as somebody else has claimed the key. True: it is the caller's,
 * or memory has run out. False: *seat is its message's. */
static bool claim(struct keys *k, const char *key, struct seat *seat,
                  bool *no_memory)
{
    struct key_entry *e;

    pthread_mutex_lock(&k->mutex);
    while ((e = find(k, key)) && e->claimed)
        pthread_cond_wait(&k->settled, &k->mutex);
    if (e)
        *seat = e->seat;
    else
        *no_memory = !add(k, key);
    pthread_mutex_unlock(&k->mutex);
    return !e;
}

bool keys_claim(struct keys *k, const char *key, struct message **known)
{
    bool no_memory = false;
    struct seat seat;

    *known = NULL;
    while (!claim(k, key, &seat, &no_memory)) {
        *known = store_find(k->store, seat.channel, seat.id);
        if (*known)
            return false;
        forget(k, key, &seat);
    }
    return !no_memory;
}

void keys_settle(struct keys *k, const char *key, const struct message *m)
{
    struct key_entry *e;
    ssize_t weight = 0;

    pthread_mutex_lock(&k->mutex);
    e = find(k, key);
    assert(e && e->claimed);
    e->claimed = false;
    if (m) {
        e->seat.id = message_id(m);
        stpcpy(e->seat.channel, message_channel(m));
        weight = weight_of(e);
    } else {
        drop(k, e);
    }
    pthread_mutex_unlock(&k->mutex);
    pthread_cond_broadcast(&k->settled);
    store_weigh(k->store, weight);
    keys_sweep(k);
}

struct keys *keys_new(struct store *s)
{
    struct keys *k = calloc(1, sizeof *k);

    if (!k)
        return NULL;
    k->store = s;
    lock_mutex_init(&k->mutex);
    lock_cond_init(&k->settled);
    list_init(&k->all);
    return k;
}

void keys_free(struct keys *k)
{
    pthread_mutex_lock(&k->mutex);
    while (!list_empty(&k->all))
        drop(k, LIST_ENTRY(k->all.next, struct key_entry, link));
    pthread_mutex_unlock(&k->mutex);
    pthread_cond_destroy(&k->settled);
    pthread_mutex_destroy(&k->mutex);
    free(k);
}
