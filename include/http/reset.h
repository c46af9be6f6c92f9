/*
 * reset: ends a connection as a fault would.
 */
#ifndef CRIER_RESET_H
#define CRIER_RESET_H

#include "http/stream.h"

/* Ends the connection at once by RST instead of FIN. What the peer has not
 * acknowledged is lost. The caller still closes the socket. */
void reset_connection(struct stream *s);

#endif
