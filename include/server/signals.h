/*
 * signals: SIGINT and SIGTERM, taken by one thread that waits for them.
 *
 * No handler runs in the middle of anything; a signal is an event like others.
 */
#ifndef CRIER_SIGNALS_H
#define CRIER_SIGNALS_H

#include "server/server.h"

/* Blocks both in the calling thread and in all that it starts from now on.
 * Ignores SIGPIPE and SIGXFSZ, so that a write to a closed pipe or beyond
 * `ulimit -f` is an error of that write alone. Before any other thread. */
void signals_block(void);

/*
 * Starts the thread that blocks in sigwait. The first signal stops the server,
 * a second one ends the process at once, with status 128 and its number. The
 * thread stays until the process ends. 0, or an error number.
 */
int signals_start(struct server *server);

#endif
