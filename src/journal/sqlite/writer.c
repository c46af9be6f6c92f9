/* writer: see writer.h. */
#include "journal/sqlite/writer.h"

#include "base/clock.h"
#include "journal/sqlite/restore.h"
#include "journal/sqlite/rows.h"
#include "journal/sqlite/schema.h"
#include "journal/sqlite/wal.h"
#include "store/inspect.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>

struct writer {
    const struct journal_options *options;
    struct store *store;
    struct file *file;
    struct health *health;

    /* Only for the thread that writes. */
    sqlite3 *db;
    sqlite3_stmt *insert, *trim;
    struct event_id last; /* the id that was given last */
    int64_t oldest;       /* number of the oldest row, */
    int64_t newest;       /* and of the newest one */
    struct wal wal;
};

/* ---- what fails, and what goes on again ---------------------------------- */

/* Ends what has failed. SQLite does not tell the errno of a COMMIT. */
static void give_up(struct writer *w)
{
    const int reason = errno, result = sqlite3_errcode(w->db) & 0xff;
    const bool is_disk = result == SQLITE_IOERR || result == SQLITE_CANTOPEN;

    health_fell(w->health, sqlite3_errmsg(w->db), is_disk ? reason : 0);
    if (!sqlite3_get_autocommit(w->db))
        sqlite3_exec(w->db, "ROLLBACK", NULL, NULL, NULL);
}

static int run(struct writer *w, const char *sql)
{
    return sqlite3_exec(w->db, sql, NULL, NULL, NULL);
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

static int insert_all(struct writer *w, struct message *const *messages,
                      size_t n)
{
    int result = SQLITE_OK;

    for (size_t i = 0; i < n && result == SQLITE_OK; i++) {
        const int64_t now_ms = clock_realtime_ms();

        w->last = event_id_next(w->last, now_ms);
        message_stamp(messages[i], w->last, now_ms);
        result = rows_insert(w->insert, w->newest + 1 + (int64_t)i, messages[i],
                             now_ms);
    }
    return result;
}

/* Deletes what is too old, in steps: at most two rows for each that is new. One
 * row more than --keep stays: a client that has had it has missed nothing. */
static int trim(struct writer *w, int64_t newest, int64_t *oldest)
{
    const int64_t wanted = newest - (int64_t)w->options->keep,
                  step = w->oldest + 2 * (newest - w->newest);
    int result;

    *oldest = wanted < step ? wanted : step;
    if (*oldest <= w->oldest) {
        *oldest = w->oldest;
        return SQLITE_OK;
    }
    sqlite3_bind_int64(w->trim, 1, *oldest);
    result = sqlite3_step(w->trim);
    sqlite3_reset(w->trim);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

/* True if a COMMIT has failed before its last byte was in the log. After that,
 * it may or may not count at the next start. */
static bool is_clear(struct writer *w)
{
    const int result = sqlite3_extended_errcode(w->db);

    return result == SQLITE_FULL || result == SQLITE_IOERR_WRITE;
}

/* A transaction. *unclear: nobody knows whether it counts. */
static int write_all(struct writer *w, struct message *const *messages,
                     size_t n, bool *unclear)
{
    const int64_t newest = w->newest + (int64_t)n;
    int64_t oldest;
    int result = run(w, "BEGIN IMMEDIATE");

    if (result == SQLITE_OK)
        result = insert_all(w, messages, n);
    if (result == SQLITE_OK)
        result = trim(w, newest, &oldest);
    if (result != SQLITE_OK)
        return result;
    result = run(w, "COMMIT");
    *unclear = !is_clear(w);
    if (result == SQLITE_OK) {
        w->newest = newest;
        w->oldest = oldest;
    }
    return result;
}

enum letter_result writer_keep(struct writer *w,
                               struct message *const *messages, size_t n)
{
    bool unclear = false;

    errno = 0;
    if (!may_write(w))
        return LETTER_REFUSED;
    if (write_all(w, messages, n, &unclear) != SQLITE_OK) {
        give_up(w);
        return unclear ? LETTER_UNCLEAR : LETTER_REFUSED;
    }
    health_rose(w->health);
    file_note_log(w->file, w->db);
    /* A store that is closed takes none; they are read back at the next start.
     */
    for (size_t i = 0; i < n; i++)
        store_publish(w->store, messages[i]);
    return LETTER_KEPT;
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

static int prepare(struct writer *w)
{
    int result = sqlite3_prepare_v3(
        w->db, ROWS_INSERT, -1, SQLITE_PREPARE_PERSISTENT, &w->insert, NULL);

    if (result == SQLITE_OK)
        result =
            sqlite3_prepare_v3(w->db, "DELETE FROM messages WHERE number < ?",
                               -1, SQLITE_PREPARE_PERSISTENT, &w->trim, NULL);
    if (result == SQLITE_OK)
        result = schema_number(
            w->db, "SELECT ifnull(min(number), 0) FROM messages", &w->oldest);
    if (result == SQLITE_OK)
        result = schema_number(
            w->db, "SELECT ifnull(max(number), 0) FROM messages", &w->newest);
    return result;
}

void writer_close(struct writer *w)
{
    sqlite3_finalize(w->insert);
    sqlite3_finalize(w->trim);
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
    result = sqlite3_open_v2(o->file, &w->db, flags, NULL);
    if (result == SQLITE_OK) {
        write_at_close(w, false); /* nothing, in a file that is damaged */
        result = schema_prepare(w->db, o, store_newest(s), error);
        wal_init(&w->wal, w->db, readers, o->sync == JOURNAL_SYNC_SECOND);
        if (result == SQLITE_OK)
            result = prepare(w);
        if (result == SQLITE_OK)
            result = restore_messages(w->db, o, w->newest, s, &w->last);
        if (result == SQLITE_OK) {
            write_at_close(w, true);
            return w;
        }
    }
    if (result != SCHEMA_REFUSED)
        schema_explain(w->db, result, o->file, error);
    writer_close(w);
    return NULL;
}
