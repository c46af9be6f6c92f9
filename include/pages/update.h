/*
 * update: POST /update, the publisher's side.
 */
#ifndef CRIER_UPDATE_H
#define CRIER_UPDATE_H

#include "server/exchange.h"

/* Makes a message of the body, publishes it (publish.h) and replies with its
 * JSON, in this order. 400 if the body is no message, 413 if it has too many
 * values, 503 if memory runs out. */
void update(struct exchange *x);

#endif
