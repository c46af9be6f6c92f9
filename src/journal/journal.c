/* journal: see journal.h. */
#include "journal/journal.h"

#include "journal/kind.h"

#include <stdio.h>
#include <stdlib.h>

struct journal {
    const struct journal_kind *kind;
    void *self;
};

/* A kind that is not wanted is deleted with its line. */
static const struct journal_kind *const kinds[] = {
    &journal_memory,
#ifdef WITH_SQLITE
    &journal_sqlite,
#endif
};

/* NULL if that kind was not built. */
static const struct journal_kind *find_kind(bool is_file)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i]->is_file == is_file)
            return kinds[i];
    return NULL;
}

bool journal_has_files(void)
{
    return find_kind(true) != NULL;
}

struct journal *journal_open(const struct journal_options *o, struct store *s,
                             char error[JOURNAL_ERROR_SIZE])
{
    struct journal *j = malloc(sizeof *j);

    snprintf(error, JOURNAL_ERROR_SIZE, "out of memory");
    if (!j)
        return NULL;
    j->kind = find_kind(o->file != NULL);
    j->self = j->kind->open(o, s, error);
    if (j->self)
        return j;
    free(j);
    return NULL;
}

const char *journal_publish(struct journal *j, struct message *m)
{
    return j->kind->publish(j->self, m);
}

enum journal_page journal_older(struct journal *j, struct store_batch *batch,
                                size_t max, struct store_batch *page)
{
    return j->kind->older(j->self, batch, max, page);
}

struct journal_stats journal_stats(struct journal *j)
{
    struct journal_stats stats = {.kept = false};

    j->kind->stats(j->self, &stats);
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
