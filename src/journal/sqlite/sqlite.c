/*
 * sqlite: the kind of journal that is a file on this machine. See kind.h.
 *
 *     file      whose file it is, and whether it is still there
 *     schema    what is in it
 *     writer    the group's thread keeps messages
 *     readers   subscribers' threads read older ones
 */
#include "journal/group.h"
#include "journal/kind.h"
#include "journal/sqlite/writer.h"
#include "store/inspect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sqlite {
    struct journal_options options;
    struct store *store;
    struct file file;
    struct health health;
    struct readers *readers;
    struct writer *writer;
    struct group *group;
};

static enum journal_fate keep(void *self, struct letter *const *letters,
                              size_t n)
{
    struct sqlite *s = self;

    return writer_keep(s->writer, letters, n);
}

static int64_t rest(void *self)
{
    struct sqlite *s = self;

    return writer_rest(s->writer);
}

static const struct group_work work = {keep, rest};

static enum journal_fate sqlite_publish(void *self, struct message *m,
                                        const char *key, struct message **known)
{
    struct sqlite *s = self;

    return group_publish(s->group, m, key, known);
}

static enum journal_page sqlite_older(void *self, struct store_batch *batch,
                                      size_t max, struct store_batch *page)
{
    struct sqlite *s = self;

    return readers_page(s->readers, store_newest(s->store), batch, max, page);
}

static void sqlite_reach(void *self, struct event_id id)
{
    (void)self;
    (void)id;
}

static void sqlite_stats(void *self, struct journal_stats *stats)
{
    struct sqlite *s = self;

    group_stats(s->group, stats);
    stats->down |= health_is_down(&s->health);
}

static void sqlite_close(void *self)
{
    struct sqlite *s = self;

    group_close(s->group);
    readers_close(s->readers);
}

/* Frees what there is of it. */
static void *end(struct sqlite *s)
{
    if (s->group)
        group_free(s->group);
    if (s->readers)
        readers_free(s->readers);
    if (s->writer)
        writer_close(s->writer);
    file_close(&s->file);
    free(s);
    return NULL;
}

static void sqlite_free(void *self)
{
    end(self);
}

/* Any name may be a file's. */
static bool sqlite_check(const char *name, char error[JOURNAL_ERROR_SIZE])
{
    (void)name;
    (void)error;
    return true;
}

static void *sqlite_open(const struct journal_options *o, struct store *store,
                         char error[JOURNAL_ERROR_SIZE])
{
    struct sqlite *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    if (file_open(&s->file, o->name, error) < 0) {
        free(s);
        return NULL;
    }
    s->options = *o;
    s->store = store;
    s->health.name = o->name;
    s->readers = readers_new(&s->file, o->retry_ms);
    if (!s->readers)
        return end(s);
    s->writer = writer_open(&s->options, store, &s->file, s->readers,
                            &s->health, error);
    if (!s->writer)
        return end(s);
    s->group = group_new(&work, s);
    if (s->group)
        return s;
    snprintf(error, JOURNAL_ERROR_SIZE, "cannot start a thread: %s",
             strerror(errno));
    return end(s);
}

const struct journal_kind journal_sqlite = {
    JOURNAL_FILE, sqlite_check, sqlite_open,  sqlite_publish, sqlite_older,
    sqlite_reach, sqlite_stats, sqlite_close, sqlite_free,
};
