/*
 * publish: how a posted message goes to the journal, and what its publisher is
 * told if nobody gets it.
 */
#ifndef CRIER_PUBLISH_H
#define CRIER_PUBLISH_H

#include "server/exchange.h"
#include "store/message.h"

/*
 * Publishes the message, under the request's Idempotency-Key if it has one.
 * Takes over the caller's reference. Returns a reference to the message that
 * the publisher shall be told of. By then this message is kept (journal.h) and
 * in the store, and its subscribers are being woken. If the post repeats an
 * earlier one, it is the earlier message, and nothing is published.
 *
 * NULL if the message is refused. Then the answer is sent: 400 for what is no
 * key, 422 for a key of another message, 503 if the journal fails, memory runs
 * out or the server is stopping.
 */
struct message *publish_message(struct exchange *x, struct message *m);

#endif
