/*
 * target: the two parts of a request target, decoded (RFC 3986, 2.1 and 3.4).
 * Pure functions.
 */
#ifndef CRIER_TARGET_H
#define CRIER_TARGET_H

#include "base/slice.h"

#include <stdbool.h>

/*
 * Decodes the percent-encoded path into out, as a string. False if an escape is
 * not two hexadecimal digits or stands for NUL, or if out is too small.
 */
bool target_decode_path(struct slice path, char *out, size_t size);

/*
 * Writes the same target with a slash behind its path, as a string for Location
 * (RFC 9110, 10.2.2): still percent-encoded, with its query, if it has one. It
 * begins with exactly one slash, since two would name another host (RFC 3986,
 * 4.2). The path does not end with a slash. False if the size does not do.
 */
bool target_add_slash(struct slice path, struct slice query, char *out,
                      size_t size);

/*
 * Finds the first parameter of that name in a query (name=value&…), and decodes
 * its value ('+' is a space) into out, as a string. False if there is none. A
 * value that cannot be decoded, or is too long for out, becomes "?", which is
 * neither a number nor an id.
 */
bool target_query(struct slice query, const char *name, char *out, size_t size);

/* True if this is host[:port] without a user (RFC 3986, 3.2), or empty. */
bool target_valid_authority(struct slice authority);

/* Cuts "http://authority" off an absolute target (RFC 9112, 3.2.2). False if it
 * is none, or the authority is not valid. */
bool target_cut_authority(struct slice *target, struct slice *authority);

#endif
