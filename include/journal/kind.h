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
    enum journal_place place;
    /* False if the name is not what it must be. Then `error` says why, without
     * the name. */
    bool (*check)(const char *name, char error[JOURNAL_ERROR_SIZE]);
    void *(*open)(const struct journal_options *o, struct store *s,
                  char error[JOURNAL_ERROR_SIZE]);
    /* Keeps and publishes m, unless a retained message has the key, which is
     * "" for none. Then *known becomes that message, with a reference for the
     * caller, and nothing is published. */
    enum journal_fate (*publish)(void *self, struct message *m, const char *key,
                                 struct message **known);
    /* As journal_older, into an empty page. */
    enum journal_page (*older)(void *self, struct store_batch *batch,
                               size_t max, struct store_batch *page);
    void (*reach)(void *self, struct event_id id);
    void (*stats)(void *self, struct journal_stats *stats);
    void (*close)(void *self);
    void (*free)(void *self);
};

/* The kind without a file. It costs nothing, and has no thread. */
extern const struct journal_kind journal_memory;

#ifdef WITH_SQLITE
extern const struct journal_kind journal_sqlite;
#endif
#ifdef WITH_REDIS
extern const struct journal_kind journal_redis;
#endif

#endif
