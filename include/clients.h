/*
 * clients: who is connected, the limit, and how everybody leaves.
 *
 * One mutex guards the list; it is a leaf: nothing else is locked under it,
 * and the only calls made under it do not block: shutdown(2), getpeername(2). A
 * descriptor is closed only after clients_leave, so clients_drain never hangs
 * up a stranger who was given the same number.
 */
#ifndef CRIER_CLIENTS_H
#define CRIER_CLIENTS_H

#include "list.h"
#include "slice.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clients;
struct subscriber;

enum { CLIENT_REQUEST = 64 };

/* One connection. The caller sets fd and keeps the struct until it leaves. What
 * is more than the link is there for who looks on (threads.h). */
struct client {
    int fd;

    /* Written by the client's thread, without a lock, read by any. */
    atomic_int tid;
    atomic_llong since; /* it does what it does; ms, monotonic */
    atomic_ullong sent; /* messages */

    /* Guarded by the mutex of struct clients. */
    struct list link;
    uint64_t number;               /* among those accepted, from 1 on */
    bool idle;                     /* between two requests */
    struct subscriber *subscriber; /* or NULL */
    char request[CLIENT_REQUEST];  /* its latest line, cut; a string */
};

struct clients_stats {
    size_t connected;
    uint64_t accepted; /* since the start, as below */
    uint64_t refused;
    int64_t latest; /* ms, monotonic: when the last one came; 0 never */
};

/* Room for `limit` clients. NULL if memory runs out. */
struct clients *clients_new(size_t limit);

/* Nobody may be left. */
void clients_free(struct clients *c);

/* Adds a client, busy; false if the house is full. */
bool clients_enter(struct clients *c, struct client *client);

/* Removes it; the last one to leave wakes clients_drain. */
void clients_leave(struct clients *c, struct client *client);

/* The client waits, for a request or for its end, and may be hung up: what has
 * been received can still be read, and then the end. */
void clients_idle(struct clients *c, struct client *client);

/* The client is in the middle of a request, whose line this is; it is answered
 * even if everybody is dismissed. */
void clients_busy(struct clients *c, struct client *client,
                  struct slice request);

/* Says who the client is in the store, until it says NULL. */
void clients_subscribe(struct clients *c, struct client *client,
                       struct subscriber *subscriber);

/* The client begins to do something else, and has sent so many messages: one
 * reading of a cheap clock, no lock. */
void client_mark(struct client *client, uint64_t sent);

/* Calls `visit` for each client, the longest connected first, with the mutex
 * held: it must neither block nor call any of these. */
void clients_walk(struct clients *c,
                  void (*visit)(struct client *client, void *argument),
                  void *argument);

/* Asks everybody to leave: hangs up the idle ones, and no connection is kept
 * alive from now on. */
void clients_dismiss(struct clients *c);

/* True from then on. */
bool clients_dismissed(struct clients *c);

/*
 * After clients_dismiss: waits until all have left, at most grace_ms; then cuts
 * the rest off, and waits as long again for their threads. False if some thread
 * is still there after that.
 */
bool clients_drain(struct clients *c, int64_t grace_ms);

struct clients_stats clients_stats(struct clients *c);

#endif
