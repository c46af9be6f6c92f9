/* page: see page.h. */
#include "journal/sqlite/page.h"

#include "base/log.h"
#include "journal/sqlite/rows.h"
#include "journal/sqlite/schema.h"

#include <errno.h>
#include <sqlite3.h>

/* Sets *first to the number of the first message after the id. *known says
 * whether nothing between the id and that message is gone. */
static int find_after(sqlite3 *db, sqlite3_stmt *from, struct event_id after,
                      int64_t *first, bool *known)
{
    const struct event_id zero = {0, 0};
    int64_t oldest = 0, newest = -1;
    struct row before = {-1, zero};
    int result = schema_number(
        db, "SELECT ifnull(min(number), 0) FROM messages", &oldest);

    if (result == SQLITE_OK)
        result = schema_number(
            db, "SELECT ifnull(max(number), -1) FROM messages", &newest);
    if (result == SQLITE_OK)
        result = rows_find(from, oldest, newest, after, first);
    if (result != SQLITE_OK)
        return result;
    if (event_id_compare(after, zero) == 0) {
        *known = oldest == 0 && newest >= 0;
        return SQLITE_OK;
    }
    rows_begin(from, *first - 1);
    result = rows_next(from, &before);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return result;
    /* The stream of an empty journal begins after an id of no message. */
    *known = result == SQLITE_ROW && before.number < *first &&
             (before.number == 0 || event_id_compare(before.id, after) == 0);
    return SQLITE_OK;
}

/* Reads messages of the channel from a number on, up to the oldest in memory.
 * Returns SQLITE_ROW if there may be more, or SQLITE_DONE. */
static int read_rows(sqlite3_stmt *of, int64_t first, int retry_ms,
                     const struct store_batch *batch, size_t max,
                     struct store_batch *page)
{
    int result = SQLITE_DONE;
    struct row row;
    size_t bytes = 0;

    rows_begin_of(of, batch->channel, first);
    while (page->count < max && bytes < LIMIT_BATCH_BYTES &&
           (result = rows_next(of, &row)) == SQLITE_ROW) {
        struct message *m;

        if (store_comes_later(batch, row.id))
            return SQLITE_DONE;
        m = rows_message(of, retry_ms);
        if (m) {
            bytes += message_event(m).len;
            page->messages[page->count++] = m;
        } else if (errno) {
            return SQLITE_NOMEM;
        } else {
            log_error("journal: row %lld is no message", (long long)row.number);
        }
    }
    return result;
}

int page_read(struct sqlite3 *db, struct sqlite3_stmt *from,
              struct sqlite3_stmt *of, int retry_ms, struct store_batch *batch,
              size_t max, struct store_batch *page)
{
    int64_t first = 0;
    bool known = false;
    int result = find_after(db, from, batch->gap_after, &first, &known);

    if (result != SQLITE_OK)
        return result;
    result = read_rows(of, first > 0 ? first : 1, retry_ms, batch, max, page);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return result;
    store_fill_gap(batch, page, known, result == SQLITE_ROW);
    return SQLITE_OK;
}
