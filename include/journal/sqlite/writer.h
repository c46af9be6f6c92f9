/*
 * writer: the one connection that writes to the journal's file.
 *
 * The group's thread alone uses it. It inserts a batch in one transaction, and
 * only then gives it to the store: nobody is sent a message that could still be
 * lost. With --sync always, the end of the transaction waits for the disk, once
 * for the whole batch.
 *
 * SQLite appends each transaction to a log beside the file (WAL mode). When the
 * log is long enough, the thread copies it into the file and empties it.
 *
 * What fails is tried again every LIMIT_JOURNAL_TRY_MS, and with each batch.
 */
#ifndef CRIER_WRITER_H
#define CRIER_WRITER_H

#include "journal/group.h"
#include "journal/health.h"
#include "journal/sqlite/file.h"
#include "journal/sqlite/readers.h"

struct writer;

/* Opens the file and puts the newest messages into the store. NULL if that
 * fails; then `error` says what to do. All that it is given must outlive it. */
struct writer *writer_open(const struct journal_options *o, struct store *s,
                           struct file *file, struct readers *readers,
                           struct health *health,
                           char error[JOURNAL_ERROR_SIZE]);

/* As struct group_work has it. */
enum journal_fate writer_keep(struct writer *w, struct letter *const *letters,
                              size_t n);
int64_t writer_rest(struct writer *w);

/* Empties the log, if nobody else uses the file. */
void writer_close(struct writer *w);

#endif
