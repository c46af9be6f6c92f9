/*
 * message: one posted text, rendered once for everybody.
 *
 * The bytes of a message's event are made when it is published, and every
 * subscriber sends those same bytes; a reference count says when the last one
 * has. Its JSON, the reply to the publisher, is a part of the event:
 *
 *     retry: 10000
 *     id: 1744353420000
 *     data: {"text":"hello","timestamp":1744353420000}
 *
 * Threads: a message is changed only by message_stamp, before anybody else has
 * it; after that it is read-only, but for the count, which is atomic.
 */
#ifndef CRIER_MESSAGE_H
#define CRIER_MESSAGE_H

#include "event_id.h"
#include "slice.h"

enum {
    MESSAGE_ERROR_SIZE = 256,
    MESSAGE_GAP_SIZE = 2 * EVENT_ID_SIZE + 64,
};

struct message;

/*
 * Makes a message of a posted body: a JSON object with a non-empty string
 * `text`; other members are ignored. retry_ms becomes its `retry:` line.
 *
 * Returns a message with one reference, owned by the caller. Otherwise NULL,
 * and `error` says in UTF-8 what is wrong and where; if memory ran out, it is
 * the empty string.
 */
struct message *message_from_json(const char *body, size_t len, int retry_ms,
                                  char error[MESSAGE_ERROR_SIZE]);

/* Gives the message its id, once; short work, whatever the text's length,
 * since the store does it under its mutex. */
void message_stamp(struct message *m, struct event_id id);

/* One more owner; returns m. */
struct message *message_ref(struct message *m);

/* One owner less; the last one's call frees it. NULL is allowed. */
void message_unref(struct message *m);

/* Of a stamped message; the slices live as long as it does. */
struct event_id message_id(const struct message *m);
struct slice message_event(const struct message *m);
struct slice message_json(const struct message *m);

/*
 * Renders the event that tells a subscriber which had everything up to `after`
 * that messages are gone; `oldest` is the oldest retained id, or NULL if there
 * is none. It has no id: line, so that the client keeps its own. Returns the
 * length.
 */
size_t message_gap(char out[MESSAGE_GAP_SIZE], struct event_id after,
                   const struct event_id *oldest);

#endif
