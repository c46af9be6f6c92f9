/* journal: see journal.h. */
#include "journal/journal.h"

#include "journal/kind.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct journal {
    const struct journal_kind *kind;
    void *self;
    atomic_ullong pages; /* of older messages that were read */
};

/* A kind that is not wanted is deleted with its line. */
static const struct journal_kind *const kinds[] = {
    &journal_memory,
#ifdef WITH_SQLITE
    &journal_sqlite,
#endif
#ifdef WITH_REDIS
    &journal_redis,
#endif
};

/* NULL if that kind was not built. */
static const struct journal_kind *find_kind(enum journal_place place)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i]->place == place)
            return kinds[i];
    return NULL;
}

bool journal_was_built(enum journal_place place)
{
    return find_kind(place) != NULL;
}

bool journal_check(enum journal_place place, const char *name,
                   char error[JOURNAL_ERROR_SIZE])
{
    return find_kind(place)->check(name, error);
}

struct journal *journal_open(const struct journal_options *o, struct store *s,
                             char error[JOURNAL_ERROR_SIZE])
{
    struct journal *j = malloc(sizeof *j);

    snprintf(error, JOURNAL_ERROR_SIZE, "out of memory");
    if (!j)
        return NULL;
    j->kind = find_kind(o->place);
    atomic_init(&j->pages, 0);
    j->self = j->kind->open(o, s, error);
    if (j->self)
        return j;
    free(j);
    return NULL;
}

enum journal_fate journal_publish(struct journal *j, struct message **m,
                                  const char *key)
{
    struct message *known = NULL;
    enum journal_fate fate = j->kind->publish(j->self, *m, key, &known);

    if (!known)
        return fate;
    if (!message_same(known, *m)) {
        message_unref(known);
        return JOURNAL_OTHER;
    }
    message_unref(*m);
    *m = known;
    return JOURNAL_KEPT;
}

enum journal_page journal_older(struct journal *j, struct store_batch *batch,
                                size_t max, struct store_batch *page)
{
    enum journal_page found;

    page->count = 0;
    page->gap = false;
    found = j->kind->older(j->self, batch, max, page);
    if (found == JOURNAL_PAGE)
        atomic_fetch_add_explicit(&j->pages, 1, memory_order_relaxed);
    return found;
}

void journal_reach(struct journal *j, struct event_id id)
{
    j->kind->reach(j->self, id);
}

struct journal_stats journal_stats(struct journal *j)
{
    struct journal_stats stats = {.kept = false};

    j->kind->stats(j->self, &stats);
    stats.pages = atomic_load_explicit(&j->pages, memory_order_relaxed);
    return stats;
}

void journal_close(struct journal *j)
{
    j->kind->close(j->self);
}

void journal_free(struct journal *j)
{
    j->kind->free(j->self);
    free(j);
}
