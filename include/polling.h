/*
 * polling: GET /poll and GET /longpoll, what pages did before event streams.
 *
 * Both answer from the same store as /subscribe: 200 and a JSON array of at
 * most STORE_BATCH messages after the parameter `after`, or 204 if there are
 * none. Either way the field Last-Event-ID is the id to ask with next, and
 * whoever does so misses nothing and gets nothing twice. Without `after`, or
 * with what is no id of the past, it is the newest message's, and there is
 * nothing yet. Where messages after `after` are no longer retained, the field
 * Event-Gap says so, in the gap event's JSON.
 *
 * Where there is no room, the answer is a 503 with Retry-After: unlike an
 * EventSource, who polls tries again. At shutdown it is a 204 at once.
 */
#ifndef CRIER_POLLING_H
#define CRIER_POLLING_H

#include "exchange.h"

/* Answers at once. */
void polling_short(struct exchange *x);

/*
 * Waits until there is a message, for `wait` seconds at most; counts among the
 * subscribers meanwhile. Ends when the client goes: a FIN, which may be half a
 * close, is answered with an interim 102 (RFC 2518, 10.1), since who is not
 * there replies to that with a reset.
 */
void polling_long(struct exchange *x);

#endif
