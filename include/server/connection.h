/*
 * connection: one client's life: read a request, answer it, again or close.
 */
#ifndef CRIER_CONNECTION_H
#define CRIER_CONNECTION_H

#include "server/clients.h"
#include "server/exchange.h"

/*
 * Serves a client that has entered, in the calling thread, until the end of
 * the connection. The caller then lets the client leave, and closes its
 * descriptor.
 */
void connection_run(struct context *context, struct client *client);

#endif
