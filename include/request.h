/*
 * request: the head of an HTTP/1.1 request, parsed strictly (RFC 9112).
 *
 * Whatever could be read in two ways is refused. Pure: no I/O, no memory of
 * its own; a struct request points into the caller's buffer and lives as long
 * as that stays as it is.
 */
#ifndef CRIER_REQUEST_H
#define CRIER_REQUEST_H

#include "limit.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

/* Bits, so that a route can say which it takes. */
enum method {
    METHOD_GET = 1 << 0,
    METHOD_HEAD = 1 << 1,
    METHOD_POST = 1 << 2,
    METHOD_OPTIONS = 1 << 3,
    METHOD_OTHER = 1 << 4,   /* known, but taken nowhere here: 405 */
    METHOD_UNKNOWN = 1 << 5, /* 501 */
};

struct field {
    struct slice name, value;
};

struct request {
    size_t head_len; /* bytes, with the empty line that ends it */

    enum method method;
    struct slice method_name;
    struct slice target; /* as it was sent */
    struct slice path;   /* still percent-encoded; "*" for OPTIONS */
    struct slice query;  /* without the '?' */
    struct slice authority;
    int minor; /* of HTTP/1.x */

    size_t field_count;
    bool keep_alive;
    bool expect_continue;
    bool chunked;
    bool has_length;
    uint64_t content_length;

    const char *reason; /* why it was refused, one line of English, or NULL */

    struct field fields[LIMIT_FIELDS]; /* the first field_count are set */
};

/*
 * Parses the len bytes received so far. Returns
 *   0    more bytes are needed;
 *   200  the head is complete, and r is filled in;
 *   or the status of the refusal, 400, 414, 417, 431, 501 or 505: then
 *        r->reason is set, and what came before the fault (method_name,
 *        target, path) is too, for the log. Nothing that follows on the
 *        connection may be read as a request.
 */
int request_parse(const char *buffer, size_t len, struct request *r);

/* The value of the first field of that name (any case), or {NULL, 0}. */
struct slice request_field(const struct request *r, const char *name);

/* True if a body follows the head (RFC 9112, 6.3). */
bool request_has_body(const struct request *r);

#endif
