/*
 * journal: where a message is kept before anybody gets it.
 *
 * `update` gives a message to the journal, and the journal gives it to the
 * store once it is kept. Which kind of journal that is, only journal.c knows:
 *
 *     memory   the store itself: nothing survives the process (the default)
 *     sqlite   a file on this machine: --journal FILE.db
 *     redis    a stream of a broker that several machines share: --redis URL
 *
 * A kind is one line of a table in journal.c; `make WITH="sqlite redis"` builds
 * both.
 *
 * Threads: every function may be called by any thread, but journal_open,
 * journal_close and journal_free, which are the main thread's.
 */
#ifndef CRIER_JOURNAL_H
#define CRIER_JOURNAL_H

#include "journal/terms.h"
#include "store/store.h"

struct journal;

/* False if this program was built without that kind of journal. */
bool journal_was_built(enum journal_place place);

/* False if this is no name for that place. Then `error` says why, and does not
 * tell the name, which may have a password. */
bool journal_check(enum journal_place place, const char *name,
                   char error[JOURNAL_ERROR_SIZE]);

/*
 * Opens the journal of a store that is still empty, and puts the newest kept
 * messages into it. NULL if that fails; then `error` says in one line what to
 * do.
 */
struct journal *journal_open(const struct journal_options *o, struct store *s,
                             char error[JOURNAL_ERROR_SIZE]);

/*
 * Keeps the message, gives it its id, and publishes it in the store. Blocks for
 * LIMIT_JOURNAL_MS at most. The caller keeps its reference.
 *
 * The key is what the publisher calls the message, at most LIMIT_KEY bytes, or
 * "". It lets a publisher that got no answer repeat its post: as long as a
 * message with the same key is retained, nothing is published. If both messages
 * say the same, *m becomes the one that is retained, and this is JOURNAL_KEPT;
 * else it is JOURNAL_OTHER. Two posts with one key at the same time are one
 * after the other. What is retained: in memory, the store's history; in a
 * file, all that is there, also after a restart.
 */
enum journal_fate journal_publish(struct journal *j, struct message **m,
                                  const char *key);

/*
 * For a batch with a gap: reads the first messages that are missing before it,
 * at most `max`. JOURNAL_PAGE: `page` has them; it has a gap of its own if some
 * are gone for ever, and batch->gap stays true if there is more to read.
 * JOURNAL_NOTHING: there is nothing to read; batch->gap says whether messages
 * are gone. JOURNAL_FAILED: they may be there, but cannot be read now.
 *
 * Blocks in read(2), or until one of LIMIT_JOURNAL_READERS is free.
 */
enum journal_page journal_older(struct journal *j, struct store_batch *batch,
                                size_t max, struct store_batch *page);

/*
 * Waits until the store has got as far as this id, which another machine may
 * have given; LIMIT_BROKER_MS at most. A journal of this machine alone always
 * returns at once.
 */
void journal_reach(struct journal *j, struct event_id id);

struct journal_stats journal_stats(struct journal *j);

/* Nobody waits any more: publishers that still do get their refusal at once,
 * and so does everybody who comes later. */
void journal_close(struct journal *j);

/* Ends the journal's thread. No client may be left. */
void journal_free(struct journal *j);

#endif
