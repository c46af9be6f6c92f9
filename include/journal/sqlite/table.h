/*
 * table: the rows of the messages, as the writer changes them.
 *
 * Threads: only the writer's thread. The functions return SQLite's code.
 */
#ifndef CRIER_TABLE_H
#define CRIER_TABLE_H

#include "journal/letter.h"
#include "journal/terms.h"

struct sqlite3;
struct sqlite3_stmt;

struct table {
    const struct journal_options *options;
    struct sqlite3_stmt *insert, *trim, *of_key;
    struct event_id last; /* the id that was given last */
    int64_t oldest;       /* number of the oldest row, */
    int64_t newest;       /* and of the newest one */
};

/* The options must outlive the table. `last` is left to the caller. */
int table_open(struct table *t, struct sqlite3 *db,
               const struct journal_options *o);

/* Finds the letters whose keys are there. *left: how many are not. */
int table_look_up(struct table *t, struct letter *const *letters, size_t n,
                  size_t *left);

/* Within a transaction: stamps and inserts the letters that are not known. */
int table_insert(struct table *t, struct letter *const *letters, size_t n);

/*
 * Within the same one, which makes `newest` the number of the newest row:
 * deletes what is too old, in steps: at most two rows for each that is new.
 * *oldest is then the number of the oldest row. One row more than --keep stays:
 * a client that has had it has missed nothing.
 */
int table_trim(struct table *t, int64_t newest, int64_t *oldest);

void table_close(struct table *t);

#endif
