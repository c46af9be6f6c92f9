/*
 * group: the thread "journal", and the publishers that wait for it.
 *
 * Group commit. To make one message safe costs a wait for the disk, and so do a
 * hundred messages at once. So publishers put their messages into a queue and
 * sleep, each on a condition variable of its own. The thread takes all that
 * wait, keeps them in one transaction, and wakes their publishers. Meanwhile
 * the next ones gather: the slower the disk, the larger the batches.
 *
 * Two letters with one key are never in the same batch. So the second one waits
 * for the first, and then finds its message, if that was kept.
 *
 * A publisher waits for LIMIT_JOURNAL_MS at most. A message that the thread has
 * not taken by then is taken back, and nobody gets it. Of one that is being
 * kept, nobody knows; nor of one with a key, which may be kept from before.
 * Then the group says that the journal is down, until the thread has something
 * done.
 *
 * Threads: every function may be called by any thread, but group_new and
 * group_free. One mutex guards the queue. It is a leaf: no other lock is taken
 * under it, and no I/O is done.
 */
#ifndef CRIER_GROUP_H
#define CRIER_GROUP_H

#include "journal/letter.h"
#include "journal/terms.h"
#include "store/store.h"

struct group;

/* What the thread does for the kind of journal that owns the group. */
struct group_work {
    /* First, for each letter with a key, finds the retained message that has
     * it, and sets l->known. Then keeps and publishes the others. Returns what
     * became of them: JOURNAL_UNCLEAR, too, if nothing was kept because some
     * key could not be looked up. */
    enum journal_fate (*keep)(void *self, struct letter *const *letters,
                              size_t n);
    /* Called after each batch and whenever it is due: what can be done without
     * a publisher that waits. Returns when it is due again, in ms on the
     * monotonic clock; INT64_MAX: after the next batch. */
    int64_t (*rest)(void *self);
};

/* Starts the thread. NULL if the machine refuses; then errno says why. */
struct group *group_new(const struct group_work *work, void *self);

/* As struct journal_kind has it. */
enum journal_fate group_publish(struct group *g, struct message *m,
                                const char *key, struct message **known);

/* Sets what a group knows of them. */
void group_stats(struct group *g, struct journal_stats *stats);

/* As journal_close. */
void group_close(struct group *g);

/* Ends the thread, which finishes what it has taken. */
void group_free(struct group *g);

#endif
