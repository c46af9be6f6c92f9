/*
 * poll_array: the messages of an answer to a poll, as a JSON array.
 *
 * Those of /update are the JSON that their publishers got. Those of a channel
 * with a name have no JSON, so each becomes what an EventSource knows of it:
 *
 *     {"id":"1795982460312","event":"joined","data":"a\nb"}
 *
 * `event` is missing if the message has no such name.
 */
#ifndef CRIER_POLL_ARRAY_H
#define CRIER_POLL_ARRAY_H

#include "server/exchange.h"
#include "store/batch.h"

/* Adds the field Last-Event-ID, with which the client asks next. */
void poll_array_next(struct exchange *x, struct event_id id);

/* Answers 200 with the messages, at least one, and that field. False if there
 * is no memory for them; then nothing is sent. */
bool poll_array_send(struct exchange *x, const struct store_batch *batch);

#endif
