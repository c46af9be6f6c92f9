/*
 * response: status line, fields and body of an answer (RFC 9112, 4 and 6).
 *
 * Every function blocks while it writes. If the client has gone, x->close is
 * set, and there is nothing else to tell.
 */
#ifndef CRIER_RESPONSE_H
#define CRIER_RESPONSE_H

#include "exchange.h"

enum { RESPONSE_NO_LENGTH = -1 };

/* Adds a field to the answer that is about to be sent. All of an answer's
 * together are below EXCHANGE_FIELDS bytes. */
void response_field(struct exchange *x, const char *name, const char *format,
                    ...) __attribute__((format(printf, 3, 4)));

/*
 * Sends the head, and the beginning of the body, which may be empty, in one
 * write. `length` is the whole body's, in bytes; RESPONSE_NO_LENGTH means that
 * the end of the connection ends it. `type` may be NULL where there is no
 * body. To a HEAD request no body is sent.
 */
void response_start(struct exchange *x, int status, const char *type,
                    int64_t length, struct slice body);

/* Sends a whole answer. */
void response_send(struct exchange *x, int status, const char *type,
                   struct slice body);

/*
 * Sends an error: as a JSON object for /update, /poll and /longpoll, elsewhere
 * as a line of text.
 * `reason` NULL means the status's own phrase.
 */
void response_error(struct exchange *x, int status, const char *reason);

#endif
