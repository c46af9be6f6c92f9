/*
 * rows: a message becomes a row of the table, and a row a message again.
 *
 * Threads: a statement belongs to the thread that has its connection.
 */
#ifndef CRIER_ROWS_H
#define CRIER_ROWS_H

#include "journal/terms.h"
#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

#define ROWS_INSERT                                                            \
    "INSERT INTO messages (number, id, time, event, channel, data, key) "      \
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, ''))"

/* The statement of rows_next, from a number on: all rows, or those of a channel
 * (rows_of). */
#define ROWS_FROM                                                              \
    "SELECT number, id, data, event, channel FROM messages "                   \
    "WHERE number >= ?1 ORDER BY number"
#define ROWS_OF                                                                \
    "SELECT number, id, data, event, channel FROM messages "                   \
    "WHERE number >= ?1 AND channel = ?2 ORDER BY number"

/* The statement of rows_known. */
#define ROWS_OF_KEY                                                            \
    "SELECT number, id, data, event, channel FROM messages WHERE key = ? "     \
    "ORDER BY number DESC"

/* Inserts a stamped message and its key, or ""; now_ms is its timestamp.
 * Returns SQLite's code, SQLITE_NOMEM if memory runs out. */
int rows_insert(struct sqlite3_stmt *insert, int64_t number,
                const struct message *m, const char *key, int64_t now_ms);

/* Finds the message that has the key, with a reference for the caller. NULL if
 * there is none, or what somebody has put into its row is no message. Returns
 * SQLite's code. */
int rows_known(struct sqlite3_stmt *of_key, const char *key, int retry_ms,
               struct message **known);

/* A row of the table. */
struct row {
    int64_t number;
    struct event_id id;
};

/* Begins with the first row whose number is not less. */
void rows_begin(struct sqlite3_stmt *from, int64_t number);

/* The same with ROWS_OF; the name stays until the last row. */
void rows_begin_of(struct sqlite3_stmt *of, const char *channel,
                   int64_t number);

/* Steps to the next row. Returns SQLITE_ROW, SQLITE_DONE or another code. */
int rows_next(struct sqlite3_stmt *from, struct row *row);

/* The message of the row that rows_next has reached: stamped, and with one
 * reference. NULL if memory runs out, or somebody has put into the row what is
 * no message; errno is 0 then. */
struct message *rows_message(struct sqlite3_stmt *from, int retry_ms);

/* Finds the number of the first row after the id, among those from `oldest` to
 * `newest`; newest + 1 if there is none. Rows may be missing in between.
 * Returns SQLite's code. */
int rows_find(struct sqlite3_stmt *from, int64_t oldest, int64_t newest,
              struct event_id after, int64_t *number);

#endif
