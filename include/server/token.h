/*
 * token: the secret that publishers must know (RFC 6750, Bearer).
 */
#ifndef CRIER_TOKEN_H
#define CRIER_TOKEN_H

#include "base/slice.h"

enum { TOKEN_SIZE = 256, TOKEN_ERROR_SIZE = 160 };

/*
 * Reads the first line of the file: letters, digits and -._~+/= (RFC 6750,
 * 2.1), fewer than TOKEN_SIZE of them. Returns 0; or -1, and `error` says in
 * one line what is wrong.
 */
int token_read(const char *path, char token[TOKEN_SIZE],
               char error[TOKEN_ERROR_SIZE]);

/* True if the value of Authorization is "Bearer" and this token. Takes as long
 * for a token that is wrong in its first byte as for one that is wrong in its
 * last, so that nobody can find it byte by byte. */
bool token_matches(const char *token, struct slice authorization);

#endif
