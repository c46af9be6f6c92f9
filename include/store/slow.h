/*
 * slow: slow motion, in which a class can watch the turns of the store.
 */
#ifndef CRIER_SLOW_H
#define CRIER_SLOW_H

#include "store/store.h"

/* From now on each turn lasts `ms` longer, without the mutex, before its
 * subscriber collects. 0 ends that, and so does store_close. */
void store_slow(struct store *s, int ms);

#endif
