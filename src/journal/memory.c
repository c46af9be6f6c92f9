/* memory: the kind of journal that keeps nothing: the store is all there is.
 * See kind.h. */
#include "journal/keys.h"
#include "journal/kind.h"

#include <stdlib.h>

struct memory {
    struct store *store;
    struct keys *keys;
};

static void memory_free(void *self)
{
    struct memory *j = self;

    if (j->keys)
        keys_free(j->keys);
    free(j);
}

static bool memory_check(const char *name, char error[JOURNAL_ERROR_SIZE])
{
    (void)name;
    (void)error;
    return true;
}

static void *memory_open(const struct journal_options *o, struct store *s,
                         char error[JOURNAL_ERROR_SIZE])
{
    struct memory *j = malloc(sizeof *j);

    (void)o;
    (void)error;
    if (!j)
        return NULL;
    *j = (struct memory){s, keys_new(s)};
    if (j->keys)
        return j;
    memory_free(j);
    return NULL;
}

static enum journal_fate memory_publish(void *self, struct message *m,
                                        const char *key, struct message **known)
{
    struct memory *j = self;
    bool open;

    if (!key[0]) {
        keys_sweep(j->keys);
        return store_publish(j->store, m) ? JOURNAL_KEPT : JOURNAL_STOPPING;
    }
    if (!keys_claim(j->keys, key, known))
        return *known ? JOURNAL_KEPT : JOURNAL_NO_MEMORY;
    open = store_publish(j->store, m);
    keys_settle(j->keys, key, open ? m : NULL);
    return open ? JOURNAL_KEPT : JOURNAL_STOPPING;
}

static enum journal_page memory_older(void *self, struct store_batch *batch,
                                      size_t max, struct store_batch *page)
{
    (void)self;
    (void)batch;
    (void)max;
    (void)page;
    return JOURNAL_NOTHING;
}

static void memory_reach(void *self, struct event_id id)
{
    (void)self;
    (void)id;
}

static void memory_stats(void *self, struct journal_stats *stats)
{
    (void)self;
    (void)stats;
}

static void memory_close(void *self)
{
    (void)self;
}

const struct journal_kind journal_memory = {
    JOURNAL_MEMORY, memory_check, memory_open,  memory_publish, memory_older,
    memory_reach,   memory_stats, memory_close, memory_free,
};
