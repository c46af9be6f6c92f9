/*
 * body: receives a request's body, by Content-Length or chunked (RFC 9112, 6),
 * within a size and a deadline.
 */
#ifndef CRIER_BODY_H
#define CRIER_BODY_H

#include "http/request.h"
#include "http/stream.h"

struct body {
    char *bytes; /* malloc'd, owned by the caller; NULL if empty */
    size_t len;
    const char *reason; /* of a refusal, one line of English */
};

enum { BODY_GONE = -1 };

/*
 * Reads the body that follows the head, which the caller has taken from the
 * stream. If the client waits for a 100 (Continue), it is sent first.
 *
 * The body has patience_ms to arrive, and a second more for each KiB that has.
 *
 * Returns 200; or the status of the refusal: 400 (bad chunks), 408 (too slow),
 * 413 (larger than max bytes), 503 (no memory); or BODY_GONE if the peer has
 * gone. After anything but 200 the rest of the body is still to come, and the
 * connection is good for nothing more. The caller frees body->bytes always.
 */
int body_read(struct stream *s, const struct request *r, size_t max,
              int64_t patience_ms, struct body *body);

#endif
