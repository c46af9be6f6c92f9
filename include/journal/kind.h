/*
 * kind: what a kind of journal must be able to do. Only journal.c and the kinds
 * include it; journal.h has the contracts.
 */
#ifndef CRIER_KIND_H
#define CRIER_KIND_H

#include "journal/terms.h"
#include "store/store.h"

/* `self` is what open has returned. */
struct journal_kind {
    bool is_file; /* it keeps messages in o->file */
    void *(*open)(const struct journal_options *o, struct store *s,
                  char error[JOURNAL_ERROR_SIZE]);
    const char *(*publish)(void *self, struct message *m);
    enum journal_page (*older)(void *self, struct store_batch *batch,
                               size_t max, struct store_batch *page);
    void (*stats)(void *self, struct journal_stats *stats);
    void (*close)(void *self);
    void (*free)(void *self);
};

/* What a publisher is told that comes too late. */
#define JOURNAL_STOPPING "the server is stopping"

/* The kind without a file. It costs nothing, and has no thread. */
extern const struct journal_kind journal_memory;

#ifdef WITH_SQLITE
extern const struct journal_kind journal_sqlite;
#endif

#endif
