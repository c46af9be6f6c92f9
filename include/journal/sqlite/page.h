/*
 * page: some older messages, read in one go.
 *
 * Threads: the connection and its statement belong to the calling thread.
 */
#ifndef CRIER_PAGE_H
#define CRIER_PAGE_H

#include "journal/terms.h"
#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

/*
 * As journal_older, within a transaction, so that nothing is deleted meanwhile.
 * `from` and `of` are the connection's statements ROWS_FROM and ROWS_OF
 * (rows.h). The page is empty before. Returns SQLite's code.
 */
int page_read(struct sqlite3 *db, struct sqlite3_stmt *from,
              struct sqlite3_stmt *of, int retry_ms, struct store_batch *batch,
              size_t max, struct store_batch *page);

#endif
