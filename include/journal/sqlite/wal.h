/*
 * wal: SQLite's log, to which each transaction is appended, and how it stays
 * short: now and then it is copied into the file and emptied.
 *
 * Threads: only the writer's thread.
 */
#ifndef CRIER_WAL_H
#define CRIER_WAL_H

#include "journal/sqlite/readers.h"

struct sqlite3;

struct wal {
    struct sqlite3 *db;
    struct readers *readers;
    bool each_second; /* --sync second: empty it that often */
    int pages;        /* that it has */
    int most;         /* when it shall be emptied */
    int64_t emptied;  /* when it was emptied; ms, monotonic */
};

/* `w` must stay where it is as long as the connection is open. */
void wal_init(struct wal *w, struct sqlite3 *db, struct readers *readers,
              bool each_second);

/* When it shall be emptied; ms, monotonic. INT64_MAX: not yet. */
int64_t wal_due(const struct wal *w);

/* True if it is so long that no message may be added. */
bool wal_is_full(const struct wal *w);

/* Copies it into the file, waits for the disk, and empties it. If another
 * program reads the file meanwhile, it only becomes longer, until later.
 * Returns SQLite's code. */
int wal_empty(struct wal *w);

#endif
