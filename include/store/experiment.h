/*
 * experiment: what a class does to the store on purpose, to see that it holds.
 *
 * Threads: as in store.h.
 */
#ifndef CRIER_EXPERIMENT_H
#define CRIER_EXPERIMENT_H

#include "store/store.h"

#include <sys/types.h>

/*
 * A spurious wake-up: signals the condition variable of a subscriber that
 * sleeps, and changes nothing. Returns its thread; 0 if there is none.
 * `thread` says whose; 0: anyone's.
 */
pid_t store_nudge(struct store *s, pid_t thread);

/* Holds the store's mutex for ms milliseconds. Returns false at once if another
 * thread does so. */
bool store_hold(struct store *s, int ms);

/* True while store_hold has the mutex, or waits for it. Takes no lock. */
bool store_held(struct store *s);

/*
 * A herd: adds a turn for each subscriber, so that the next message wakes all
 * of them at once. A turn that ends takes one of these away. Returns how many
 * turns it has added: 0 if there is no limit to the turns, or nobody.
 */
size_t store_herd(struct store *s);

#endif
