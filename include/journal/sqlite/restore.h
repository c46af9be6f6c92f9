/*
 * restore: reads the newest messages back into the store, at the start.
 */
#ifndef CRIER_SQLITE_RESTORE_H
#define CRIER_SQLITE_RESTORE_H

#include "journal/terms.h"
#include "store/store.h"

struct sqlite3;

/* Reads as many of each channel as the store keeps. `newest` is the number of
 * the newest row. Sets *last to the id after which new ones begin. Returns
 * SQLite's code. */
int restore_messages(struct sqlite3 *db, const struct journal_options *o,
                     int64_t newest, struct store *s, struct event_id *last);

#endif
