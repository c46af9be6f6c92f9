/*
 * thread_view: GET /threads and POST /slow, for a class that watches.
 */
#ifndef CRIER_THREAD_VIEW_H
#define CRIER_THREAD_VIEW_H

#include "exchange.h"

/*
 * All threads as JSON; or, where Accept is text/event-stream, as events: the
 * first has all, each that follows what has changed (thread_json.h). They come
 * 4 times a second, more often in slow motion, and more seldom where looking
 * costs more: all viewers' events together take 2 % of one core, their first
 * ones apart. Loopback alone gets that, unless --classroom opens it, and by a
 * name of this server's (origin.h); others get a 403. Who would be one more
 * than LIMIT_VIEWERS gets a 503.
 */
void thread_view(struct exchange *x);

/* ?ms=N, from 0 to LIMIT_SLOW_MS: slow motion, see store_slow. With
 * --classroom only, else 403. */
void thread_view_slow(struct exchange *x);

#endif
