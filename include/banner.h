/*
 * banner: the lines that tell, at the start, where the server is.
 */
#ifndef CRIER_BANNER_H
#define CRIER_BANNER_H

#include "server/settings.h"

/*
 * Says what to type into a browser, and only what leads to this listener; for
 * one at all addresses this machine's own, with a QR code of it where standard
 * error is a terminal and the program qrencode is there. Waits for that
 * program. For the main thread, with signals blocked (signals.h).
 */
void banner_print(const struct settings *s, int listener);

#endif
