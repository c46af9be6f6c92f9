/*
 * slow: slow motion, in which a class can watch the turns of the store.
 *
 * A turn of slow motion lasts longer, without the mutex, before its subscriber
 * collects. Step by step, it lasts until somebody ends it.
 *
 * Threads: as in store.h.
 */
#ifndef CRIER_SLOW_H
#define CRIER_SLOW_H

#include "store/slow_motion.h"
#include "store/store.h"

/* From now on each turn lasts `ms` longer. 0 ends that, and so does
 * store_close. */
void store_slow(struct store *s, int ms);

/*
 * From now on each turn lasts until a step ends it. If no step comes for
 * patience_ms, slow motion ends, since somebody has forgotten it. `who` steps
 * is shown to others; it is cut if it is longer than SLOW_WHO.
 *
 * Returns whether it has been so already. Only then the caller may step: the
 * step that begins this would end the first turn before anybody has seen it.
 */
bool store_step_by_step(struct store *s, const char *who, int64_t patience_ms);

/*
 * Ends one turn, and blocks until that has happened, at most wait_ms. Returns
 * false if there was none, or if turns do not go step by step (any more).
 */
bool store_step(struct store *s, int64_t wait_ms);

#endif
