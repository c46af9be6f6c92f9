/*
 * banner: the lines that tell, at the start, where the server is.
 */
#ifndef CRIER_BANNER_H
#define CRIER_BANNER_H

#include "server/settings.h"

/*
 * Says what to type into a browser. It leads to this listener, and to no other
 * server. If the listener is at all addresses, it is the URL for the other
 * machines; on a terminal with a QR code, if the program qrencode is there.
 * Waits for that program. For the main thread, with signals blocked
 * (signals.h).
 */
void banner_print(const struct settings *s, int listener);

#endif
