/*
 * poll: GET /poll and GET /longpoll, what pages did before event streams.
 *
 * Both answer from the same store as /subscribe. 200 and a JSON array of at
 * most LIMIT_BATCH messages after the parameter `after`, or 204 if there are
 * none. The field Last-Event-ID is the id to ask with next: a client that does
 * so misses nothing and gets nothing twice. Without `after`, or with an `after`
 * that is no id of the past, it is the newest message's, and the answer is 204.
 * If messages after `after` are no longer retained, the field Event-Gap says
 * so, in the gap event's JSON.
 *
 * If there is no room for another subscriber, the answer is a 503 with
 * Retry-After: unlike an EventSource, a client that polls tries again. At
 * shutdown it is a 204 at once.
 */
#ifndef CRIER_POLL_H
#define CRIER_POLL_H

#include "server/exchange.h"

/* Answers at once. */
void poll_short(struct exchange *x);

/*
 * Waits until there is a message, for `wait` seconds at most, and counts as a
 * subscriber meanwhile. Ends when the client leaves. A FIN may also come from a
 * client that only finished sending: so it is answered with an interim 102 (RFC
 * 2518, 10.1), to which the machine of a client that has left replies with a
 * reset.
 */
void poll_long(struct exchange *x);

#endif
