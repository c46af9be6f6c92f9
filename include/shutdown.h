/*
 * shutdown: how the server stops, after server_stop.
 *
 * For the main thread.
 */
#ifndef CRIER_SHUTDOWN_H
#define CRIER_SHUTDOWN_H

#include "server/context.h"

/*
 * Publishers leave first, so that whatever was acknowledged is in the store.
 * Then subscribers get the rest and leave. Those that are too slow are told to
 * come back, if their socket takes it, and are cut off. The log says how many.
 *
 * Returns true if all clients have left. Else a thread may still use the
 * context.
 */
bool shutdown_clients(struct context *c);

#endif
