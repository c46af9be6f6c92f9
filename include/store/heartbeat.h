/*
 * heartbeat: a comment for each subscriber that has got nothing for long.
 *
 * Threads: as in store.h.
 */
#ifndef CRIER_HEARTBEAT_H
#define CRIER_HEARTBEAT_H

#include "store/store.h"

/*
 * Moves every subscriber that has been idle since `since` (ms, monotonic) or
 * longer to `ready`: with its turn it gets a STORE_HEARTBEAT. Returns since
 * when the longest idle of the others is idle, or INT64_MAX if there is none.
 */
int64_t store_heartbeat(struct store *s, int64_t since);

#endif
