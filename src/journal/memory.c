/* memory: the kind of journal that keeps nothing: the store is all there is.
 * See kind.h. */
#include "journal/kind.h"

static void *memory_open(const struct journal_options *o, struct store *s,
                         char error[JOURNAL_ERROR_SIZE])
{
    (void)o;
    (void)error;
    return s;
}

static const char *memory_publish(void *self, struct message *m)
{
    return store_publish(self, m) ? NULL : JOURNAL_STOPPING;
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

static void memory_stats(void *self, struct journal_stats *stats)
{
    (void)self;
    (void)stats;
}

static void memory_end(void *self)
{
    (void)self;
}

const struct journal_kind journal_memory = {
    false,        memory_open, memory_publish, memory_older,
    memory_stats, memory_end,  memory_end,
};
