/* restore: see restore.h. */
#include "journal/sqlite/restore.h"

#include "base/log.h"
#include "journal/sqlite/rows.h"
#include "store/inspect.h"
#include "store/restore.h"

#include <inttypes.h>
#include <sqlite3.h>

static void restore_row(sqlite3_stmt *from, const struct row *row,
                        const struct journal_options *o, struct store *s)
{
    struct message *m;

    if (row->number == 0) /* the beginning is no message */
        return;
    m = rows_message(from, o->retry_ms);
    if (m)
        store_restore(s, m);
    else
        log_error("journal: row %" PRId64 " is no message", row->number);
    message_unref(m);
}

/* Its newest messages, and one more than the store keeps: so the store knows
 * that there are older ones. */
#define FIRST_OF                                                               \
    "SELECT ifnull((SELECT number FROM messages WHERE channel = ?1 "           \
    "ORDER BY number DESC LIMIT 1 OFFSET ?2), 1)"

static int first_of(sqlite3 *db, const char *channel, size_t history,
                    int64_t *number)
{
    sqlite3_stmt *query;
    int result = sqlite3_prepare_v2(db, FIRST_OF, -1, &query, NULL);

    if (result != SQLITE_OK)
        return result;
    sqlite3_bind_text(query, 1, channel, -1, SQLITE_STATIC);
    sqlite3_bind_int64(query, 2, (int64_t)history);
    result = sqlite3_step(query);
    if (result == SQLITE_ROW)
        *number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return result == SQLITE_ROW ? SQLITE_OK : result;
}

static int restore_channel(sqlite3 *db, sqlite3_stmt *of, const char *channel,
                           const struct journal_options *o, struct store *s)
{
    int64_t first = 0;
    struct row row;
    int result = first_of(db, channel, o->history, &first);

    if (result != SQLITE_OK)
        return result;
    rows_begin_of(of, channel, first);
    while ((result = rows_next(of, &row)) == SQLITE_ROW)
        restore_row(of, &row, o, s);
    sqlite3_reset(of);
    return result;
}

/* The channels that were used last, and the one of /update, and one more: so
 * the store knows that there were others. The longest unused one comes first.
 */
#define CHANNELS                                                               \
    "SELECT channel FROM (SELECT channel, max(number) AS newest "              \
    "FROM messages GROUP BY channel ORDER BY newest DESC LIMIT ?1) "           \
    "ORDER BY newest"

static int restore_all(sqlite3 *db, sqlite3_stmt *of,
                       const struct journal_options *o, struct store *s)
{
    sqlite3_stmt *channels;
    int result = sqlite3_prepare_v2(db, CHANNELS, -1, &channels, NULL);

    if (result != SQLITE_OK)
        return result;
    sqlite3_bind_int64(channels, 1, (int64_t)o->channels + 2);
    while ((result = sqlite3_step(channels)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(channels, 0);

        result = name ? restore_channel(db, of, name, o, s) : SQLITE_NOMEM;
        if (result != SQLITE_DONE)
            break;
    }
    sqlite3_finalize(channels);
    return result;
}

/* Sets *last to the id of the newest row, or of the newest message. */
static int find_last(sqlite3 *db, int64_t newest, struct store *s,
                     struct event_id *last)
{
    struct row row = {0};
    sqlite3_stmt *from;
    int result = sqlite3_prepare_v2(db, ROWS_FROM, -1, &from, NULL);

    if (result != SQLITE_OK)
        return result;
    rows_begin(from, newest);
    result = rows_next(from, &row);
    sqlite3_finalize(from);
    *last = store_newest(s);
    if (event_id_compare(*last, row.id) < 0)
        *last = row.id;
    return result;
}

int restore_messages(struct sqlite3 *db, const struct journal_options *o,
                     int64_t newest, struct store *s, struct event_id *last)
{
    sqlite3_stmt *of;
    int result = sqlite3_prepare_v2(db, ROWS_OF, -1, &of, NULL);

    if (result == SQLITE_OK)
        result = restore_all(db, of, o, s);
    sqlite3_finalize(of);
    if (result == SQLITE_DONE)
        result = find_last(db, newest, s, last);
    return result == SQLITE_ROW || result == SQLITE_DONE ? SQLITE_OK : result;
}
