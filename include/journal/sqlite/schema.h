/*
 * schema: what is in the journal's file, and in which version.
 *
 *     $ sqlite3 chat.db 'SELECT number, id, time, data FROM messages'
 *     0|1795591479865|2026-11-25 07:24:39.865|
 *     1|1795591481073|2026-11-25 07:24:41.073|{"text":"hello",…}
 *
 * Messages are numbered from 1 on. Number 0 is the beginning: its id is before
 * all others. It is deleted as the oldest messages are; so as long as it is
 * there, no message has been deleted.
 */
#ifndef CRIER_SCHEMA_H
#define CRIER_SCHEMA_H

#include "journal/terms.h"
#include "store/event_id.h"

struct sqlite3;

enum { SCHEMA_REFUSED = -1 };

/*
 * Makes the schema in an empty file, or brings an older one to this version,
 * and sets how the connection writes. A new file begins after the id `start`.
 * Returns SQLite's code, or SCHEMA_REFUSED
 * if the file is another program's or a newer version's; then it is as before,
 * and `error` says so.
 */
int schema_prepare(struct sqlite3 *db, const struct journal_options *o,
                   struct event_id start, char error[JOURNAL_ERROR_SIZE]);

/* Prints what SQLite's code means for whoever starts the server. */
void schema_explain(struct sqlite3 *db, int result, const char *path,
                    char error[JOURNAL_ERROR_SIZE]);

/* Runs an SQL text that has one number as its result. Returns SQLite's code. */
int schema_number(struct sqlite3 *db, const char *sql, int64_t *number);

#endif
