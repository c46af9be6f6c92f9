/* lines: see lines.h. */
#include "journal/redis/lines.h"

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "journal/redis/range.h"
#include "journal/redis/wire.h"
#include "store/inspect.h"

#include <stdlib.h>

struct line {
    struct wire wire;
    bool busy;
};

struct lines {
    struct broker *broker;

    pthread_mutex_t mutex;
    pthread_cond_t free; /* a line is, or all are closed */

    /* Guarded by the mutex. */
    bool closed;
    struct line lines[LIMIT_JOURNAL_READERS];
};

static struct line *find_free(struct lines *l)
{
    lock_assert_held(&l->mutex);
    for (size_t i = 0; i < LIMIT_JOURNAL_READERS; i++)
        if (!l->lines[i].busy)
            return &l->lines[i];
    return NULL;
}

/* Waits until a line is free. NULL if they are closed. */
static struct line *take(struct lines *l)
{
    struct line *line = NULL;

    pthread_mutex_lock(&l->mutex);
    while (!l->closed && !(line = find_free(l)))
        pthread_cond_wait(&l->free, &l->mutex);
    if (line)
        line->busy = true;
    pthread_mutex_unlock(&l->mutex);
    return line;
}

static void give_back(struct lines *l, struct line *line)
{
    pthread_mutex_lock(&l->mutex);
    line->busy = false;
    pthread_mutex_unlock(&l->mutex);
    pthread_cond_signal(&l->free);
}

enum journal_page lines_page(struct lines *l, struct store_batch *batch,
                             size_t max, struct store_batch *page)
{
    struct broker *b = l->broker;
    struct line *line;
    bool well = false;

    /* The broker has nothing to do with an id from the future. */
    if (event_id_compare(batch->gap_after, store_newest(b->store)) > 0)
        return JOURNAL_NOTHING;
    /* Who waits for a broker that is down would only keep the others waiting.
     */
    line = health_is_down(&b->health) ? NULL : take(l);
    if (!line)
        return JOURNAL_FAILED;
    if (wire_ready(&line->wire, clock_deadline(LIMIT_BROKER_TRY_MS)))
        well = range_read(b, &line->wire, batch, max, page);
    if (!well)
        log_error("journal: %s: older messages: %s", b->url.shown,
                  line->wire.error);
    give_back(l, line);
    if (well)
        return page->count > 0 ? JOURNAL_PAGE : JOURNAL_NOTHING;
    store_release(page);
    return JOURNAL_FAILED;
}

struct lines *lines_new(struct broker *b)
{
    struct lines *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->broker = b;
    lock_mutex_init(&l->mutex);
    lock_cond_init(&l->free);
    for (size_t i = 0; i < LIMIT_JOURNAL_READERS; i++)
        l->lines[i].wire = (struct wire){.url = &b->url, .stop = b->stop};
    return l;
}

void lines_close(struct lines *l)
{
    pthread_mutex_lock(&l->mutex);
    l->closed = true;
    pthread_mutex_unlock(&l->mutex);
    pthread_cond_broadcast(&l->free);
}

void lines_free(struct lines *l)
{
    for (size_t i = 0; i < LIMIT_JOURNAL_READERS; i++)
        wire_end(&l->lines[i].wire);
    pthread_cond_destroy(&l->free);
    pthread_mutex_destroy(&l->mutex);
    free(l);
}
