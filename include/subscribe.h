/*
 * subscribe: GET /subscribe, the subscriber's side (WHATWG HTML, 9.2,
 * Server-sent events).
 */
#ifndef CRIER_SUBSCRIBE_H
#define CRIER_SUBSCRIBE_H

#include "exchange.h"

/*
 * Answers with the head of the stream, and leaves a subscription to be run.
 * It begins after the field Last-Event-ID, or else the parameter lastEventId;
 * without a valid one it begins with the next message. Where there is no room
 * for another subscriber, the stream ends at once and asks to come back: an
 * EventSource does, while after a 503 it never would.
 */
void subscribe(struct exchange *x);

/*
 * Streams messages until the client goes, `?limit=N` of them are sent, or the
 * store is closed; then the subscription is over.
 */
void subscribe_run(struct context *context, struct client *client,
                   struct stream *stream, const struct subscription *s);

/* The end of a stream of events: when to come back. -1 if the connection broke.
 */
int subscribe_come_back(struct stream *stream);

#endif
