/*
 * departures: notices subscribers that hang up while their thread waits.
 *
 * A thread in store_wait cannot see its client go. One thread blocks in
 * epoll_wait on the hang-ups of all subscribers' sockets, and pokes the
 * subscriber, who then writes a heartbeat. A FIN alone may come from a client
 * that only finished sending, and lives on; one that has gone answers with a
 * reset, which is the next hang-up, and the write after it fails. Who has
 * vanished without a word is noticed when a heartbeat meets no answer: the same
 * thread sees to those.
 *
 * Threads: every function may be called by any thread. No lock is held.
 */
#ifndef CRIER_DEPARTURES_H
#define CRIER_DEPARTURES_H

#include "store.h"

struct departures;

/* Starts the thread, which calls store_poke of this store, and store_heartbeat
 * for those that have been idle for heartbeat_ms. NULL if the machine refuses;
 * errno says why. */
struct departures *departures_new(struct store *store, int heartbeat_ms);

/* Ends the thread. Nobody may be watched any more. */
void departures_free(struct departures *d);

/* Watches the socket for its subscriber. -1 if the machine refuses. */
int departures_watch(struct departures *d, int socket, struct subscriber *sub);

/* Stops that; before the socket is closed. A poke that is on its way may still
 * arrive: see store_poke. */
void departures_forget(struct departures *d, int socket);

/* Since when its thread waits; milliseconds on the monotonic clock. */
int64_t departures_since(struct departures *d);

#endif
