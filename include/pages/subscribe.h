/*
 * subscribe: GET /subscribe, the subscriber's side (WHATWG HTML, 9.2,
 * Server-sent events).
 */
#ifndef CRIER_SUBSCRIBE_H
#define CRIER_SUBSCRIBE_H

#include "server/exchange.h"

/*
 * Answers with the head of the stream. What follows runs after the exchange:
 * it streams messages until the client leaves, `?limit=N` of them are sent, or
 * the store is closed.
 *
 * The stream begins after the id in the field Last-Event-ID, or else in the
 * parameter lastEventId; without a valid one it begins with the next message.
 * If there is no room for another subscriber, the stream ends at once and asks
 * the client to come back: an EventSource does so, but after a 503 it never
 * would.
 */
void subscribe(struct exchange *x);

/* The same for a channel with this name. */
void subscribe_to(struct exchange *x, const char *channel);

#endif
