/* writer: see writer.h. */
#include "journal/sqlite/writer.h"

#include "base/clock.h"
#include "journal/sqlite/restore.h"
#include "journal/sqlite/schema.h"
#include "journal/sqlite/table.h"
#include "journal/sqlite/wal.h"
#include "store/inspect.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    const struct journal_options *options;
    struct store *store;
    struct file *file;
    struct health *health;

    /* Only for the thread that writes. */
    sqlite3 *db;
    struct table table;
    struct wal wal;
};

/* ---- what fails, and what goes on again ---------------------------------- */

static int run(struct writer *w, const char *sql)
{
    return sqlite3_exec(w->db, sql, NULL, NULL, NULL);
}

/* Takes back what a transaction has left that failed. This may fail, too, where
 * memory runs out: then its rows can be seen, but are not kept. */
static int roll_back(struct writer *w)
{
    return sqlite3_get_autocommit(w->db) ? SQLITE_OK : run(w, "ROLLBACK");
}

/* Ends what has failed. SQLite does not tell the errno of a COMMIT. */
static void give_up(struct writer *w)
{
    const int reason = errno, result = sqlite3_errcode(w->db) & 0xff;
    const bool is_disk = result == SQLITE_IOERR || result == SQLITE_CANTOPEN;

    health_fell(w->health, sqlite3_errmsg(w->db), is_disk ? reason : 0);
    roll_back(w);
}

static bool may_write(struct writer *w)
{
    if (!file_is_there(w->file) || !file_log_is_there(w->file)) {
        health_fell(w->health, "was removed or replaced", 0);
        return false;
    }
    if (wal_is_full(&w->wal) && health_is_down(w->health)) {
        health_fell(w->health, "the log is too long", 0);
        return false;
    }
    return true;
}

/* ---- keeping messages ---------------------------------------------------- */

/* True if a COMMIT has failed before its last byte was in the log. After that,
 * it may or may not count at the next start. */
static bool is_clear(struct writer *w)
{
    const int result = sqlite3_extended_errcode(w->db);

    return result == SQLITE_FULL || result == SQLITE_IOERR_WRITE;
}

/* A transaction, of so many of the letters as are left. *unclear: nobody knows
 * whether it counts. */
static int write_all(struct writer *w, struct letter *const *letters, size_t n,
                     size_t left, bool *unclear)
{
    const int64_t newest = w->table.newest + (int64_t)left;
    int64_t oldest;
    int result = run(w, "BEGIN IMMEDIATE");

    if (result == SQLITE_OK)
        result = table_insert(&w->table, letters, n);
    if (result == SQLITE_OK)
        result = table_trim(&w->table, newest, &oldest);
    if (result != SQLITE_OK)
        return result;
    result = run(w, "COMMIT");
    *unclear = !is_clear(w);
    if (result == SQLITE_OK) {
        w->table.newest = newest;
        w->table.oldest = oldest;
    }
    return result;
}

enum journal_fate writer_keep(struct writer *w, struct letter *const *letters,
                              size_t n)
{
    bool unclear = false;
    size_t left;

    errno = 0;
    if (roll_back(w) != SQLITE_OK ||
        table_look_up(&w->table, letters, n, &left) != SQLITE_OK) {
        give_up(w);
        return JOURNAL_UNCLEAR;
    }
    if (left == 0)
        return JOURNAL_KEPT;
    if (!may_write(w))
        return JOURNAL_REFUSED;
    if (write_all(w, letters, n, left, &unclear) != SQLITE_OK) {
        give_up(w);
        return unclear ? JOURNAL_UNCLEAR : JOURNAL_REFUSED;
    }
    health_rose(w->health);
    file_note_log(w->file, w->db);
    /* A store that is closed takes none; they are read back at the next start.
     */
    for (size_t i = 0; i < n; i++)
        if (!letters[i]->known)
            store_publish(w->store, letters[i]->message);
    return JOURNAL_KEPT;
}

/* ---- what can be done without a publisher that waits --------------------- */

/* Tries again what has failed: writes a page, as a message would. */
static void probe(struct writer *w)
{
    int result = SQLITE_OK;

    if (wal_is_full(&w->wal))
        result = wal_empty(&w->wal);
    if (result == SQLITE_OK && !may_write(w))
        return;
    if (result == SQLITE_OK)
        result = run(w, "BEGIN IMMEDIATE; UPDATE messages SET event = event "
                        "WHERE number = (SELECT max(number) FROM messages); "
                        "COMMIT");
    if (result == SQLITE_OK)
        health_rose(w->health);
    else
        give_up(w);
}

int64_t writer_rest(struct writer *w)
{
    const int64_t now = clock_monotonic_ms();

    errno = 0;
    if (health_is_due(w->health, now))
        probe(w);
    else if (now >= wal_due(&w->wal) && wal_empty(&w->wal) != SQLITE_OK)
        give_up(w);
    return health_is_down(w->health) ? w->health->due : wal_due(&w->wal);
}

/* ---- the beginning and the end ------------------------------------------- */

/* Whether the end of the connection empties the log. */
static void write_at_close(struct writer *w, bool on)
{
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !on, NULL);
}

/* The process before may have written what it has not synced. From now on
 * people get it. */
static int sync_log(struct writer *w, char error[JOURNAL_ERROR_SIZE])
{
    file_note_log(w->file, w->db);
    if (w->options->sync != JOURNAL_SYNC_ALWAYS || file_sync_log(w->file) == 0)
        return SQLITE_OK;
    snprintf(error, JOURNAL_ERROR_SIZE, "--journal: %.100s: %s",
             w->file->log.path, strerror(errno));
    return SCHEMA_REFUSED;
}

void writer_close(struct writer *w)
{
    table_close(&w->table);
    sqlite3_close(w->db);
    free(w);
}

struct writer *writer_open(const struct journal_options *o, struct store *s,
                           struct file *file, struct readers *readers,
                           struct health *health,
                           char error[JOURNAL_ERROR_SIZE])
{
    struct writer *w = calloc(1, sizeof *w);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int result;

    if (!w)
        return NULL;
    *w = (struct writer){
        .options = o, .store = s, .file = file, .health = health};
    result = sqlite3_open_v2(o->name, &w->db, flags, NULL);
    if (result == SQLITE_OK) {
        write_at_close(w, false); /* nothing, in a file that is damaged */
        result = schema_prepare(w->db, o, store_newest(s), error);
        wal_init(&w->wal, w->db, readers, o->sync == JOURNAL_SYNC_SECOND);
        if (result == SQLITE_OK)
            result = table_open(&w->table, w->db, o);
        if (result == SQLITE_OK)
            result =
                restore_messages(w->db, o, w->table.newest, s, &w->table.last);
        if (result == SQLITE_OK)
            result = sync_log(w, error);
        if (result == SQLITE_OK) {
            write_at_close(w, true);
            return w;
        }
    }
    if (result != SCHEMA_REFUSED)
        schema_explain(w->db, result, o->name, error);
    writer_close(w);
    return NULL;
}
