/*
 * server: listens; the calling thread blocks in accept, and every client gets
 * a detached thread of its own.
 */
#ifndef CRIER_SERVER_H
#define CRIER_SERVER_H

#include "exchange.h"

enum { SERVER_ERROR_SIZE = 256 };

struct server;

/*
 * A server that listens on the options' host and port; it stays until the
 * process ends. NULL, and `error` says in one line what to do, if it cannot.
 */
struct server *server_new(struct context *context,
                          char error[SERVER_ERROR_SIZE]);

/* The port that it listens on. */
int server_port(const struct server *s);

/*
 * Accepts clients until server_stop. Who finds the house full, or no thread to
 * be had, is turned away with a 503.
 */
void server_run(struct server *s);

/* Dismisses the clients (clients.h) and makes server_run return. Any thread,
 * also before server_run, but not after clients_free. */
void server_stop(struct server *s);

#endif
