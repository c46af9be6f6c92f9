/*
 * body: receives a request's body, by Content-Length or chunked (RFC 9112, 6),
 * within a size and a deadline.
 */
#ifndef CRIER_BODY_H
#define CRIER_BODY_H

#include "base/budget.h"
#include "http/request.h"
#include "http/stream.h"

struct body {
    char *bytes; /* malloc'd; NULL if empty */
    size_t len;
    size_t room;           /* bytes allocated */
    struct budget *budget; /* that pays for them, or NULL */
    const char *reason;    /* of a refusal, one line of English */
};

enum { BODY_GONE = -1 };

/*
 * Reads the body. The caller has taken the head from the stream. If the client
 * waits for a 100 (Continue), sends that first.
 *
 * The body has patience_ms to arrive, and a second more for each KiB that has.
 *
 * Returns 200; or the status of the refusal: 400 (bad chunks), 408 (too slow),
 * 413 (larger than max bytes), 503 (no memory, or the budget is used up); or
 * BODY_GONE if the peer has gone. After a refusal a part of the body is still
 * to come, so no request can follow on the connection. The budget, which may be
 * NULL, pays for the bytes. The caller always calls body_free.
 */
int body_read(struct stream *s, const struct request *r, size_t max,
              int64_t patience_ms, struct budget *budget, struct body *body);

/* Frees the bytes, and gives them back to the budget. */
void body_free(struct body *body);

#endif
