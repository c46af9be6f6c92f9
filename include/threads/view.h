/*
 * view: GET /threads and POST /slow, the thread view for a class.
 */
#ifndef CRIER_VIEW_H
#define CRIER_VIEW_H

#include "server/exchange.h"

/*
 * Sends all threads as JSON; or, if Accept is text/event-stream, as events: the
 * first has all threads, each that follows has what changed (look_json.h).
 * There are 4 a second, more in slow motion, and fewer if looking costs more:
 * all viewers share their looks, which take at most 2 % of one core (shots.h).
 *
 * 403 for a client on another machine, unless --classroom allows it, and for a
 * request that names the server by a foreign name (origin.h). 503 if there are
 * LIMIT_VIEWERS viewers already.
 */
void view_threads(struct exchange *x);

/*
 * ?ms=N, from 0 to LIMIT_SLOW_MS: slow motion, see store_slow. ?step: step by
 * step, see store_step_by_step; the ones that follow end one turn each.
 * ?step=message: ends turns until nobody has one, for LIMIT_STEPS_MS at most.
 * 403 without --classroom.
 */
void view_slow(struct exchange *x);

#endif
