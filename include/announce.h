/*
 * announce: the lines that tell, at the start, where the server is.
 */
#ifndef CRIER_ANNOUNCE_H
#define CRIER_ANNOUNCE_H

#include "options.h"

/*
 * Says what to type into a browser; for a server that listens on all addresses
 * this machine's own, with a QR code of it where standard error is a terminal
 * and the program qrencode is there. Waits for that program. For the main
 * thread, with signals blocked (signals.h).
 */
void announce(const struct options *o, int port);

#endif
