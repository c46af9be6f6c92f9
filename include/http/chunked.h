/*
 * chunked: decodes the chunked transfer coding (RFC 9112, 7.1), strictly and
 * in any pieces. Pure: no I/O. Chunk extensions and trailer fields are read,
 * checked for their bytes, and dropped.
 */
#ifndef CRIER_CHUNKED_H
#define CRIER_CHUNKED_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum chunked_result {
    CHUNKED_MORE, /* all input is used, the body goes on */
    CHUNKED_DATA, /* data was found: add it to the body, call again */
    CHUNKED_DONE, /* the body has ended; what follows is the next request */
    CHUNKED_BAD,  /* not the grammar, or beyond the limits of limit.h */
};

/* The state between two pieces; {0} at the start. */
struct chunked {
    unsigned state;
    uint64_t left;   /* of the chunk: size being read, data to come */
    size_t line;     /* length of the chunk's line so far */
    size_t trailers; /* length of the trailer section so far */
};

/*
 * Decodes the next piece. Sets *used to the bytes of input that were taken,
 * and, with CHUNKED_DATA, *data to a slice of them. c->left then counts what of
 * the chunk is still to come; it never overflows when such lengths are added.
 */
enum chunked_result chunked_decode(struct chunked *c, struct slice input,
                                   size_t *used, struct slice *data);

#endif
