/*
 * slice: bytes that another part of the program owns, without a NUL behind.
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

/* True if the bytes are those of the string. */
bool slice_is(struct slice s, const char *string);

/* The same, but ASCII letters may differ in case (RFC 9110, 5.1). */
bool slice_is_nocase(struct slice s, const char *string);
bool slice_same_nocase(struct slice a, struct slice b);

/* Reads a decimal number. False, and *number unchanged, if the slice is not
 * just a number of at most max. */
bool slice_number(struct slice s, uint64_t max, uint64_t *number);

/* The slice without spaces and tabs at its ends (OWS of RFC 9110, 5.6.3). */
struct slice slice_trim(struct slice s);

/* Cuts the part before the first `separator` off *rest and returns it. If there
 * is no separator, returns all of *rest, which becomes { NULL, 0 }. For lists:
 * `while (rest.at) part = slice_cut(&rest, ',')`. */
struct slice slice_cut(struct slice *rest, char separator);

#endif
