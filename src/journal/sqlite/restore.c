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

int restore_messages(struct sqlite3 *db, const struct journal_options *o,
                     int64_t newest, struct store *s, struct event_id *last)
{
    struct row row = {0};
    sqlite3_stmt *from;
    int result = sqlite3_prepare_v2(db, ROWS_FROM, -1, &from, NULL);

    if (result != SQLITE_OK)
        return result;
    rows_begin(from, newest - (int64_t)o->history);
    while ((result = rows_next(from, &row)) == SQLITE_ROW)
        restore_row(from, &row, o, s);
    sqlite3_finalize(from);
    *last = store_newest(s);
    if (event_id_compare(*last, row.id) < 0)
        *last = row.id;
    return result == SQLITE_DONE ? SQLITE_OK : result;
}
