/*
 * update: POST /update, the publisher's side.
 */
#ifndef CRIER_UPDATE_H
#define CRIER_UPDATE_H

#include "server/exchange.h"

/*
 * Makes a message of the body, publishes it and replies with its JSON, in this
 * order: at the time of the reply the message is kept (journal.h) and in the
 * store, and its subscribers are being woken. 400 if the body is no message,
 * 413 if it has too many values, 503 if memory runs out, the journal fails or
 * the server is stopping.
 */
void update(struct exchange *x);

#endif
