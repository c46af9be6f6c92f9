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
    "INSERT INTO messages VALUES (?1, ?2, ?3, "                                \
    "ifnull(json_extract(?4, '$.event'), 'message'), '', ?4)"

/* The statement of rows_next, from a number on. */
#define ROWS_FROM                                                              \
    "SELECT number, id, data FROM messages WHERE number >= ? ORDER BY number"

/* Inserts a stamped message; now_ms is its timestamp. Returns SQLite's code. */
int rows_insert(struct sqlite3_stmt *insert, int64_t number,
                const struct message *m, int64_t now_ms);

/* A row of the table. */
struct row {
    int64_t number;
    struct event_id id;
};

/* Begins with the first row whose number is not less. */
void rows_begin(struct sqlite3_stmt *from, int64_t number);

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
