/*
 * framing: what the fields of a request mean for its connection: which host,
 * where the body ends, whether another request follows. Pure functions, used
 * by request.c alone.
 */
#ifndef CRIER_FRAMING_H
#define CRIER_FRAMING_H

#include "slice.h"

#include <stdbool.h>

struct request;

/*
 * Reads Host, Content-Length, Transfer-Encoding, Connection and Expect of a
 * request whose request line and fields are filled in (RFC 9112, 3.2, 6 and
 * 9.3; RFC 9110, 10.1.1). Returns 200, or the status of the refusal, with
 * r->reason set.
 */
int framing_settle(struct request *r);

/* True if this is host[:port] as in RFC 3986, 3.2, or empty; no user. */
bool framing_valid_authority(struct slice authority);

#endif
