/*
 * update: POST /update, the publisher's side.
 */
#ifndef CRIER_UPDATE_H
#define CRIER_UPDATE_H

#include "exchange.h"

/*
 * Makes a message of the body, publishes it and replies with its JSON, in this
 * order: by the time of the reply it is in the store, and its subscribers are
 * being woken. 400 for what is no message, 503 when memory runs out.
 */
void update(struct exchange *x);

#endif
