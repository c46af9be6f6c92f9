/*
 * message: one text that was posted, rendered once for all subscribers.
 *
 * The bytes of a message's event are made when it is published, and every
 * subscriber sends these same bytes. A reference count says when the last one
 * has sent them. The JSON, the reply to the publisher, is a part of the event:
 *
 *     retry: 10000
 *     id: 1744353420000
 *     data: {"text":"hello","timestamp":1744353420000}
 *
 * HTTP/1.1 sends an event as a chunk: its size in hexadecimal and a CR LF
 * before it, a CR LF after it. That is rendered, too, around the event.
 *
 * Threads: only message_stamp changes a message, before any other thread has
 * it. After that it is read-only, but for the count, which is atomic.
 */
#ifndef CRIER_MESSAGE_H
#define CRIER_MESSAGE_H

#include "base/slice.h"
#include "store/event_id.h"
#include "store/event_text.h"

struct budget;
struct message;

/* Makes a message of this text; retry_ms becomes its `retry:` line. The caller
 * owns the one reference. NULL: no memory. */
struct message *message_new(const struct event_text *text, int retry_ms);

/* Gives the message its id, and now_ms (since the epoch) as its timestamp,
 * once. Takes the same short time for any text, since the store calls this
 * under its mutex. */
void message_stamp(struct message *m, struct event_id id, int64_t now_ms);

/* Adds an owner; returns m. */
struct message *message_ref(struct message *m);

/* Removes an owner; the last owner's call frees the message. NULL is allowed.
 */
void message_unref(struct message *m);

/* True if they say the same; their ids and timestamps do not matter. */
bool message_same(const struct message *a, const struct message *b);

/* The message has left the history: the budget pays for it from now on, until
 * it is freed. Only the history's owner calls this, before its own unref. */
void message_charge(struct message *m, struct budget *budget);

/* The name of its channel; "" is that of /update. */
const char *message_channel(const struct message *m);

/* Of a stamped message, else NULL. All live as long as the message. In a
 * channel with a name the JSON is its event's lines instead. */
struct event_id message_id(const struct message *m);
struct slice message_event(const struct message *m);
struct slice message_chunk(const struct message *m);
struct slice message_json(const struct message *m);

#endif
