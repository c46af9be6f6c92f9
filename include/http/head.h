/*
 * head: the bytes of an HTTP/1.1 request's head, parsed strictly (RFC 9112, 2
 * to 5), and struct request, which they fill.
 *
 * What could be read in two ways is refused. Pure: no I/O, no memory of its
 * own. A struct request points into the caller's buffer, and is valid while
 * that buffer does not change.
 */
#ifndef CRIER_HEAD_H
#define CRIER_HEAD_H

#include "base/limit.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* Bits, so that a route can say which it takes. */
enum method {
    METHOD_GET = 1 << 0,
    METHOD_HEAD = 1 << 1,
    METHOD_POST = 1 << 2,
    METHOD_OPTIONS = 1 << 3,
    METHOD_OTHER = 1 << 4,   /* known, but no route takes it: 405 */
    METHOD_UNKNOWN = 1 << 5, /* 501 */
};

struct field {
    struct slice name, value;
};

/* How far a head has been parsed; for head.c alone. */
struct head_progress {
    int part;          /* in which the bytes ended */
    size_t done, seen; /* bytes before it, and those of it that are good */
    struct slice name; /* of the field whose value comes */
};

struct request {
    struct head_progress progress;
    size_t head_len; /* bytes, with the empty line that ends it */

    enum method method;
    struct slice method_name;
    struct slice target; /* as it was sent */
    struct slice path;   /* still percent-encoded; "*" for OPTIONS */
    struct slice query;  /* without the '?' */
    struct slice authority;
    int minor; /* of HTTP/1.x */

    /* Set by request.c, from the fields. */
    bool keep_alive;
    bool expect_continue;
    bool chunked;
    bool has_length;
    uint64_t content_length;

    const char *reason; /* why it was refused, one line of English, or NULL */

    size_t field_count;
    struct field fields[LIMIT_FIELDS]; /* the first field_count are set */
};

/* Makes *r the request of which no byte has come. */
void head_begin(struct request *r);

/*
 * Parses the len bytes received so far: the request line and the field lines.
 * As long as it returns 0, it is called again when more bytes have come, with
 * all of them, at the same place; it looks only at the new ones. Returns
 *   0    more bytes are needed;
 *   200  the head is complete;
 *   or the status of the refusal, 400, 414, 431, 501 or 505. Then r->reason is
 *        set, and so are the parts before the fault (method_name, target,
 *        path), for the log.
 */
int head_more(const char *buffer, size_t len, struct request *r);

#endif
