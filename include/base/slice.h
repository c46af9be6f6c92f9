/*
 * slice: bytes that somebody else owns, without a terminating NUL.
 */
#ifndef CRIER_SLICE_H
#define CRIER_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
    const char *at;
    size_t len;
};

/* A string literal or other NUL-terminated string as a slice; NULL is empty. */
struct slice slice_of(const char *string);

/* Byte for byte equal to the string. */
bool slice_is(struct slice s, const char *string);

/* Equal but for the case of ASCII letters (RFC 9110, 5.1). */
bool slice_is_nocase(struct slice s, const char *string);
bool slice_same_nocase(struct slice a, struct slice b);

/* Reads a decimal number of at most max, which is all of the slice; false, and
 * *number untouched, if it is none. */
bool slice_number(struct slice s, uint64_t max, uint64_t *number);

/* Without the spaces and tabs around it (OWS of RFC 9110, 5.6.3). */
struct slice slice_trim(struct slice s);

/* Cuts the part before the first `separator` off *rest and returns it; where
 * there is none, all of *rest, which is then { NULL, 0 }. For walking lists:
 * `while (rest.at) part = slice_cut(&rest, ',')`. */
struct slice slice_cut(struct slice *rest, char separator);

#endif
