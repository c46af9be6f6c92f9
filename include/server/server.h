/*
 * server: the calling thread blocks in accept, and gives each client a detached
 * thread of its own.
 */
#ifndef CRIER_SERVER_H
#define CRIER_SERVER_H

#include "server/context.h"

struct server;

/* A server that accepts clients from the listener (listener.h). It stays until
 * the process ends. NULL if memory runs out. */
struct server *server_new(struct context *context, int listener);

/*
 * Accepts clients until server_stop. A client is turned away with a 503 if all
 * places are taken, or if the machine gives no thread.
 */
void server_run(struct server *s);

/* Dismisses the clients (clients.h) and makes server_run return. Any thread may
 * call this, also before server_run, but not after clients_free. */
void server_stop(struct server *s);

#endif
