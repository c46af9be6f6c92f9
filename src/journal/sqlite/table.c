/* table: see table.h. */
#include "journal/sqlite/table.h"

#include "base/clock.h"
#include "journal/sqlite/rows.h"
#include "journal/sqlite/schema.h"

#include <sqlite3.h>

int table_look_up(struct table *t, struct letter *const *letters, size_t n,
                  size_t *left)
{
    int result = SQLITE_OK;

    *left = n;
    for (size_t i = 0; i < n && result == SQLITE_OK; i++) {
        struct letter *l = letters[i];

        if (!l->key[0])
            continue;
        result = rows_known(t->of_key, l->key, t->options->retry_ms, &l->known);
        *left -= l->known != NULL;
    }
    return result;
}

int table_insert(struct table *t, struct letter *const *letters, size_t n)
{
    int64_t number = t->newest;
    int result = SQLITE_OK;

    for (size_t i = 0; i < n && result == SQLITE_OK; i++) {
        struct message *m = letters[i]->message;
        const int64_t now_ms = clock_realtime_ms();

        if (letters[i]->known)
            continue;
        t->last = event_id_next(t->last, now_ms);
        message_stamp(m, t->last, now_ms);
        result = rows_insert(t->insert, ++number, m, letters[i]->key, now_ms);
    }
    return result;
}

int table_trim(struct table *t, int64_t newest, int64_t *oldest)
{
    const int64_t wanted = newest - (int64_t)t->options->keep,
                  step = t->oldest + 2 * (newest - t->newest);
    int result;

    *oldest = wanted < step ? wanted : step;
    if (*oldest <= t->oldest) {
        *oldest = t->oldest;
        return SQLITE_OK;
    }
    sqlite3_bind_int64(t->trim, 1, *oldest);
    result = sqlite3_step(t->trim);
    sqlite3_reset(t->trim);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

static int prepare(struct sqlite3 *db, const char *sql,
                   struct sqlite3_stmt **statement)
{
    return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
                              NULL);
}

int table_open(struct table *t, struct sqlite3 *db,
               const struct journal_options *o)
{
    int result = prepare(db, ROWS_INSERT, &t->insert);

    t->options = o;
    if (result == SQLITE_OK)
        result = prepare(db, "DELETE FROM messages WHERE number < ?", &t->trim);
    if (result == SQLITE_OK)
        result = prepare(db, ROWS_OF_KEY, &t->of_key);
    if (result == SQLITE_OK)
        result = schema_number(
            db, "SELECT ifnull(min(number), 0) FROM messages", &t->oldest);
    if (result == SQLITE_OK)
        result = schema_number(
            db, "SELECT ifnull(max(number), 0) FROM messages", &t->newest);
    return result;
}

void table_close(struct table *t)
{
    sqlite3_finalize(t->insert);
    sqlite3_finalize(t->trim);
    sqlite3_finalize(t->of_key);
}
