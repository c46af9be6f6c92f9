/*
 * watch: notices subscribers that hang up while their thread sleeps, and sends
 * heartbeats.
 *
 * A thread in store_wait cannot see its client leave. So one thread, named
 * "departures", blocks in epoll_wait on the hang-ups of all subscribers'
 * sockets. It pokes the subscriber, which then writes a heartbeat. A FIN may
 * come from a client that only finished sending, and still listens. A client
 * that has left answers with a reset: that is the next hang-up, and the write
 * after it fails. A client that vanished without a FIN is noticed when a
 * heartbeat gets no answer. The same thread starts the heartbeats.
 *
 * Threads: every function may be called by any thread. No lock is held.
 */
#ifndef CRIER_WATCH_H
#define CRIER_WATCH_H

#include "store/store.h"

struct watch;

/*
 * Starts the thread. It calls store_poke for a hang-up, and store_heartbeat for
 * subscribers that have been idle for heartbeat_ms. NULL if the machine
 * refuses; then errno says why.
 */
struct watch *watch_new(struct store *store, int heartbeat_ms);

/* Ends the thread. No subscriber may be watched any more. */
void watch_free(struct watch *w);

/* Watches the socket for its subscriber. -1 if the machine refuses. */
int watch_add(struct watch *w, int socket, struct subscriber *sub);

/* Ends the watch of the socket, before it is closed. A poke that is on its way
 * may still arrive: see store_poke. */
void watch_remove(struct watch *w, int socket);

/* When its thread began to wait; milliseconds on the monotonic clock. */
int64_t watch_since(struct watch *w);

#endif
