/* wal: see wal.h. */
#include "journal/sqlite/wal.h"

#include "base/clock.h"

#include <sqlite3.h>

/* SQLite calls this after each transaction. */
static int count_pages(void *self, sqlite3 *db, const char *name, int pages)
{
    struct wal *w = self;

    (void)db;
    (void)name;
    w->pages = pages;
    return SQLITE_OK;
}

void wal_init(struct wal *w, struct sqlite3 *db, struct readers *readers,
              bool each_second)
{
    *w = (struct wal){.db = db,
                      .readers = readers,
                      .each_second = each_second,
                      .most = LIMIT_JOURNAL_WAL,
                      .emptied = clock_monotonic_ms()};
    sqlite3_wal_hook(db, count_pages, w);
}

int64_t wal_due(const struct wal *w)
{
    if (w->pages >= w->most)
        return 0;
    return w->each_second && w->pages > 0 ? w->emptied + LIMIT_JOURNAL_SYNC_MS
                                          : INT64_MAX;
}

bool wal_is_full(const struct wal *w)
{
    return w->pages >= LIMIT_JOURNAL_WAL_MOST;
}

int wal_empty(struct wal *w)
{
    int result;

    readers_pause(w->readers);
    result = sqlite3_wal_checkpoint_v2(w->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                       NULL, NULL);
    readers_resume(w->readers);
    w->emptied = clock_monotonic_ms();
    if (result == SQLITE_OK)
        w->pages = 0;
    w->most = w->pages + LIMIT_JOURNAL_WAL;
    return result == SQLITE_BUSY ? SQLITE_OK : result;
}
