/*
 * retry: when a client that is sent away comes back.
 */
#ifndef CRIER_RETRY_H
#define CRIER_RETRY_H

#include "http/response.h"

/* Milliseconds, at random from LIMIT_RETRY_MS on, so that clients that left
 * together do not all come back at once. */
int retry_ms(void);

/* Adds the field Retry-After (RFC 9110, 10.2.3). */
void retry_field(struct response *r);

#endif
