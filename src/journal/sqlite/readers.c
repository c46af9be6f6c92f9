/* readers: see readers.h. */
#include "journal/sqlite/readers.h"

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "journal/sqlite/page.h"
#include "journal/sqlite/rows.h"

#include <sqlite3.h>
#include <stdlib.h>

struct reader {
    sqlite3 *db;
    sqlite3_stmt *from, *of; /* see rows.h */
    bool busy;
};

struct readers {
    const struct file *file;
    int retry_ms;

    pthread_mutex_t mutex;
    pthread_cond_t free; /* a reader is free, or the pause is over */
    pthread_cond_t rest; /* a reader is free during a pause */

    /* Guarded by the mutex. */
    bool paused, closed;
    size_t busy;
    struct reader readers[LIMIT_JOURNAL_READERS];
};

/* ---- who reads ----------------------------------------------------------- */

static void reader_close(struct reader *reader)
{
    sqlite3_finalize(reader->from);
    sqlite3_finalize(reader->of);
    sqlite3_close(reader->db);
    reader->from = reader->of = NULL;
    reader->db = NULL;
}

/* Opens the connection of a busy reader, if it has none yet. */
static bool reader_open(struct reader *reader, const struct file *file)
{
    if (reader->db)
        return true;
    if (!file_is_there(file))
        return false;
    if (sqlite3_open_v2(file->place.path, &reader->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) == SQLITE_OK &&
        sqlite3_exec(reader->db,
                     "PRAGMA query_only = 1; PRAGMA cache_size = -512", NULL,
                     NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v3(reader->db, ROWS_FROM, -1, SQLITE_PREPARE_PERSISTENT,
                           &reader->from, NULL) == SQLITE_OK &&
        sqlite3_prepare_v3(reader->db, ROWS_OF, -1, SQLITE_PREPARE_PERSISTENT,
                           &reader->of, NULL) == SQLITE_OK)
        return true;
    log_error("journal: %s: %s", file->place.path, sqlite3_errmsg(reader->db));
    reader_close(reader);
    return false;
}

static struct reader *find_free(struct readers *r)
{
    lock_assert_held(&r->mutex);
    for (size_t i = 0; i < LIMIT_JOURNAL_READERS; i++)
        if (!r->readers[i].busy && !r->paused)
            return &r->readers[i];
    return NULL;
}

static void give_back(struct readers *r, struct reader *reader)
{
    pthread_mutex_lock(&r->mutex);
    reader->busy = false;
    r->busy--;
    pthread_mutex_unlock(&r->mutex);
    pthread_cond_signal(&r->free);
    pthread_cond_signal(&r->rest);
}

/* Waits until a reader is free. NULL if it has no connection. */
static struct reader *take(struct readers *r)
{
    struct reader *reader = NULL;

    pthread_mutex_lock(&r->mutex);
    while (!r->closed && !(reader = find_free(r)))
        pthread_cond_wait(&r->free, &r->mutex);
    if (reader) {
        reader->busy = true;
        r->busy++;
    }
    pthread_mutex_unlock(&r->mutex);
    if (!reader || reader_open(reader, r->file))
        return reader;
    give_back(r, reader);
    return NULL;
}

void readers_pause(struct readers *r)
{
    const struct timespec until =
        clock_timespec(clock_deadline(LIMIT_JOURNAL_PAUSE_MS));

    pthread_mutex_lock(&r->mutex);
    r->paused = true;
    while (r->busy > 0)
        if (pthread_cond_timedwait(&r->rest, &r->mutex, &until) == ETIMEDOUT)
            break;
    pthread_mutex_unlock(&r->mutex);
}

void readers_resume(struct readers *r)
{
    pthread_mutex_lock(&r->mutex);
    r->paused = false;
    pthread_mutex_unlock(&r->mutex);
    pthread_cond_broadcast(&r->free);
}

/* ---- reading ------------------------------------------------------------- */

enum journal_page readers_page(struct readers *r, struct event_id newest,
                               struct store_batch *batch, size_t max,
                               struct store_batch *page)
{
    struct reader *reader;
    int result;

    /* The file has nothing to do with an id from the future. */
    if (event_id_compare(batch->gap_after, newest) > 0)
        return JOURNAL_NOTHING;
    reader = take(r);
    if (!reader)
        return JOURNAL_FAILED;
    result = sqlite3_exec(reader->db, "BEGIN", NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = page_read(reader->db, reader->from, reader->of, r->retry_ms,
                           batch, max, page);
    if (result != SQLITE_OK)
        log_error("journal: %s: %s", r->file->place.path,
                  sqlite3_errmsg(reader->db));
    sqlite3_reset(reader->from);
    sqlite3_reset(reader->of);
    if (!sqlite3_get_autocommit(reader->db))
        sqlite3_exec(reader->db, "COMMIT", NULL, NULL, NULL);
    if (result != SQLITE_OK)
        reader_close(reader);
    give_back(r, reader);
    if (result != SQLITE_OK) {
        store_release(page);
        return JOURNAL_FAILED;
    }
    return page->count > 0 ? JOURNAL_PAGE : JOURNAL_NOTHING;
}

/* ---- the readers --------------------------------------------------------- */

struct readers *readers_new(const struct file *file, int retry_ms)
{
    struct readers *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->file = file;
    r->retry_ms = retry_ms;
    lock_mutex_init(&r->mutex);
    lock_cond_init(&r->free);
    lock_cond_init(&r->rest);
    return r;
}

void readers_close(struct readers *r)
{
    pthread_mutex_lock(&r->mutex);
    r->closed = true;
    pthread_mutex_unlock(&r->mutex);
    pthread_cond_broadcast(&r->free);
}

void readers_free(struct readers *r)
{
    for (size_t i = 0; i < LIMIT_JOURNAL_READERS; i++)
        reader_close(&r->readers[i]);
    pthread_cond_destroy(&r->free);
    pthread_cond_destroy(&r->rest);
    pthread_mutex_destroy(&r->mutex);
    free(r);
}
