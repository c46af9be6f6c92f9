/*
 * idempotency: the field Idempotency-Key, by which a client repeats a request
 * that it got no answer to, without doing it twice (IETF HTTPAPI's draft
 * "The Idempotency-Key HTTP Header Field", 2.1). Pure.
 */
#ifndef CRIER_IDEMPOTENCY_H
#define CRIER_IDEMPOTENCY_H

#include "http/request.h"

/*
 * Copies the key as a string, "" if the request has none. By the draft it is in
 * quotes (RFC 9651, 3.3.3); but most clients send it without, and that is the
 * same key. Returns NULL, or why it cannot be a key: it is empty, longer than
 * LIMIT_KEY or not printable ASCII, or there are two.
 */
const char *idempotency_key(const struct request *r, char key[LIMIT_KEY + 1]);

#endif
