/*
 * preconditions: conditional requests and byte ranges (RFC 9110, 13 and 14),
 * for a file whose validators are known. Pure functions.
 */
#ifndef CRIER_PRECONDITIONS_H
#define CRIER_PRECONDITIONS_H

#include "http/request.h"

#include <stdint.h>
#include <time.h>

struct validators {
    const char *etag; /* strong, with its quotes */
    time_t modified;
};

/* Which bytes of a file to send. */
struct range {
    int64_t first, length;
};

/*
 * Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since
 * in this order (RFC 9110, 13.2.2). Returns 200 to go on, 304 if the client of
 * this GET or HEAD has it already, 412 if the file is not the one it means.
 */
int preconditions_judge(const struct request *r, const struct validators *v);

/*
 * Which part does Range ask for (RFC 9110, 14.2)? Returns 206 and the range;
 * 200 and the whole of `size` bytes if there is no Range, if it is not one
 * range of bytes, if If-Range names another version, or if it asks for the last
 * bytes of an empty file; 416 if the file has none of the bytes.
 */
int preconditions_range(const struct request *r, const struct validators *v,
                        int64_t size, struct range *range);

#endif
