/* rows: see rows.h. */
#include "journal/sqlite/rows.h"

#include "base/json_memory.h"
#include "base/slice.h"
#include "store/channels.h"
#include "store/event_lines.h"

#include <errno.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TIME_SIZE = 40 };
enum { NUMBER, ID, DATA, EVENT, CHANNEL }; /* what ROWS_FROM selects */

/* For people: UTC. */
static void print_time(int64_t ms, char out[TIME_SIZE])
{
    const time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    size_t len;

    gmtime_r(&seconds, &utc);
    len = strftime(out, TIME_SIZE, "%Y-%m-%d %H:%M:%S", &utc);
    snprintf(out + len, TIME_SIZE - len, ".%03d", (int)(ms % 1000));
}

/* What a subscriber's page gets: the JSON, or what was posted to a channel. */
static int bind_data(struct sqlite3_stmt *insert, int place,
                     const struct message *m)
{
    const struct slice json = message_json(m), event = message_event(m);
    char *text;

    if (!message_channel(m)[0])
        return sqlite3_bind_text(insert, place, json.at, (int)json.len,
                                 SQLITE_STATIC);
    text = malloc(event.len);
    if (!text)
        return SQLITE_NOMEM;
    return sqlite3_bind_text(insert, place, text,
                             (int)event_lines_text(event, text), free);
}

int rows_insert(struct sqlite3_stmt *insert, int64_t number,
                const struct message *m, const char *key, int64_t now_ms)
{
    struct slice name = event_lines_name(message_event(m));
    char id[EVENT_ID_SIZE], time[TIME_SIZE];
    int result;

    if (name.len == 0)
        name = slice_of("message");
    event_id_print(message_id(m), id);
    print_time(now_ms, time);
    sqlite3_bind_int64(insert, 1, number);
    sqlite3_bind_text(insert, 2, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 3, time, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 4, name.at, (int)name.len, SQLITE_STATIC);
    sqlite3_bind_text(insert, 5, message_channel(m), -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 7, key, -1, SQLITE_STATIC);
    result = bind_data(insert, 6, m);
    if (result == SQLITE_OK)
        result = sqlite3_step(insert);
    sqlite3_reset(insert);
    sqlite3_clear_bindings(insert);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

void rows_begin(struct sqlite3_stmt *from, int64_t number)
{
    sqlite3_reset(from);
    sqlite3_bind_int64(from, 1, number);
}

void rows_begin_of(struct sqlite3_stmt *of, const char *channel, int64_t number)
{
    rows_begin(of, number);
    sqlite3_bind_text(of, 2, channel, -1, SQLITE_STATIC);
}

static struct slice text_of(struct sqlite3_stmt *from, int column)
{
    const char *text = (const char *)sqlite3_column_text(from, column);

    return (struct slice){text, (size_t)sqlite3_column_bytes(from, column)};
}

int rows_next(struct sqlite3_stmt *from, struct row *row)
{
    int result = sqlite3_step(from);
    struct slice id;

    if (result != SQLITE_ROW)
        return result;
    row->number = sqlite3_column_int64(from, NUMBER);
    id = text_of(from, ID);
    return id.at && event_id_parse(id.at, id.len, &row->id) ? SQLITE_ROW
                                                            : SQLITE_CORRUPT;
}

/* The message of a channel with a name, as rows_message. */
static struct message *raw_message(struct sqlite3_stmt *from, int retry_ms)
{
    const struct slice data = text_of(from, DATA), id = text_of(from, ID),
                       channel = text_of(from, CHANNEL);
    struct slice event = text_of(from, EVENT);
    struct event_id stamp;
    struct message *m;

    errno = 0;
    if (channel.len >= CHANNEL_NAME_SIZE || !data.at ||
        !event_id_parse(id.at, id.len, &stamp))
        return NULL;
    if (slice_is(event, "message"))
        event.len = 0;
    m = message_new(&(struct event_text){.channel = channel.at,
                                         .raw = data,
                                         .raw_name = event},
                    retry_ms);
    if (m)
        message_stamp(m, stamp, stamp.ms);
    else
        errno = ENOMEM;
    return m;
}

/* The message of /update's channel, as rows_message. */
static struct message *json_message(struct sqlite3_stmt *from, int retry_ms)
{
    const struct slice data = text_of(from, DATA), id = text_of(from, ID);
    json_error_t error = {.text = "no data"};
    json_t *root = data.at ? json_memory_load(data, &error) : NULL;
    const json_t *text = json_object_get(root, "text"),
                 *event = json_object_get(root, "event"),
                 *time = json_object_get(root, "timestamp");
    struct message *m = NULL;
    struct event_id stamp;

    errno = root || error.text[0] ? 0 : ENOMEM;
    if (json_is_string(text) && json_is_number(time) &&
        event_id_parse(id.at, id.len, &stamp)) {
        m = message_new(
            &(struct event_text){.channel = "",
                                 .text = text,
                                 .name = json_is_string(event) ? event : NULL},
            retry_ms);
        if (m)
            message_stamp(m, stamp, (int64_t)json_number_value(time));
        else
            errno = ENOMEM;
    }
    json_decref(root);
    return m;
}

struct message *rows_message(struct sqlite3_stmt *from, int retry_ms)
{
    return text_of(from, CHANNEL).len > 0 ? raw_message(from, retry_ms)
                                          : json_message(from, retry_ms);
}

int rows_known(struct sqlite3_stmt *of_key, const char *key, int retry_ms,
               struct message **known)
{
    struct row row;
    int result;

    *known = NULL;
    sqlite3_bind_text(of_key, 1, key, -1, SQLITE_STATIC);
    result = rows_next(of_key, &row);
    if (result == SQLITE_ROW) {
        *known = rows_message(of_key, retry_ms);
        result = *known || errno == 0 ? SQLITE_DONE : SQLITE_NOMEM;
    }
    sqlite3_reset(of_key);
    sqlite3_clear_bindings(of_key);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

int rows_find(struct sqlite3_stmt *from, int64_t oldest, int64_t newest,
              struct event_id after, int64_t *number)
{
    int64_t low = oldest, high = newest + 1;

    while (low < high) {
        struct row row;
        int64_t middle = low + (high - low) / 2;
        int result;

        rows_begin(from, middle);
        result = rows_next(from, &row);
        if (result != SQLITE_ROW && result != SQLITE_DONE)
            return result;
        if (result == SQLITE_ROW && event_id_compare(row.id, after) <= 0)
            low = row.number + 1;
        else
            high = middle;
    }
    *number = low;
    return SQLITE_OK;
}
