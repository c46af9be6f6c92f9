/*
 * request: what the head of a request means: which host it is for, where its
 * body ends, whether another request follows.
 *
 * Pure: no I/O, no memory of its own; see head.h.
 */
#ifndef CRIER_REQUEST_H
#define CRIER_REQUEST_H

#include "http/head.h"

/*
 * Parses the len bytes received so far, as head_more does after head_begin, and
 * settles what Host, Content-Length, Transfer-Encoding, Connection and Expect
 * mean (RFC 9112, 3.2, 6 and 9.3; RFC 9110, 10.1.1). Returns 0, 200 or the
 * status of the refusal, as head_more does; also 417. After a refusal nothing
 * that follows on the connection may be read as a request.
 */
int request_more(const char *buffer, size_t len, struct request *r);

/* The request line as it was sent, without CR LF; empty if it is not valid. */
struct slice request_line(const struct request *r);

/* The value of the first field of that name (any case), or {NULL, 0}. */
struct slice request_field(const struct request *r, const char *name);

/* True if a body follows the head (RFC 9112, 6.3). */
bool request_has_body(const struct request *r);

/* True if a body follows, and a content coding (RFC 9110, 8.4) has been applied
 * to it: gzip, say. */
bool request_body_is_encoded(const struct request *r);

#endif
