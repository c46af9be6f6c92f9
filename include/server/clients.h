/*
 * clients: who is connected, the limit, and how all of them leave.
 *
 * One mutex guards the list. It is a leaf: no other lock is taken under it, and
 * the only system calls made under it do not block: shutdown(2) and
 * getpeername(2). A descriptor is closed only after clients_leave. So
 * clients_drain never hangs up a stranger that was given the same number.
 */
#ifndef CRIER_CLIENTS_H
#define CRIER_CLIENTS_H

#include "base/list.h"
#include "base/slice.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clients;
struct subscriber;

enum { CLIENT_REQUEST = 64 };

#define CLIENT_ROLE "client" /* of a client without a request */

/* One connection. The caller sets fd and keeps the struct until it leaves. The
 * thread view reads all but the link. */
struct client {
    int fd;

    /* Written by the client's thread, read by any, without a lock. */
    atomic_int tid;
    atomic_llong since; /* when it began to do what it does; ms, monotonic */
    atomic_ullong sent; /* messages */

    /* Guarded by the mutex of struct clients. */
    struct list link;
    uint64_t number;               /* among those accepted, from 1 on */
    bool interruptible;            /* may be hung up: see below */
    struct subscriber *subscriber; /* or NULL */
    const char *role;              /* a constant: see route.h */
    char request[CLIENT_REQUEST];  /* its latest line, cut; a string */
};

struct clients_stats {
    size_t connected;
    uint64_t accepted; /* since the start, as below */
    uint64_t refused;
    uint64_t cut;   /* by clients_cut */
    int64_t latest; /* ms, monotonic: when the last one came; 0 never */
};

/* Room for `limit` clients. NULL if memory runs out. */
struct clients *clients_new(size_t limit);

/* Nobody may be left. */
void clients_free(struct clients *c);

/* Adds a client; false if all places are taken. */
bool clients_enter(struct clients *c, struct client *client);

/* Removes it; the last one to leave wakes clients_drain. */
void clients_leave(struct clients *c, struct client *client);

/* The client waits, for a request or for its end, and may be hung up. What was
 * received can still be read, and then the end. */
void clients_interruptible(struct clients *c, struct client *client);

/* The client is in the middle of a request, whose line and role these are. It
 * is answered even if all clients are dismissed. */
void clients_busy(struct clients *c, struct client *client,
                  struct slice request, const char *role);

/* Records the client's subscriber, or NULL. */
void clients_subscribe(struct clients *c, struct client *client,
                       struct subscriber *subscriber);

/* Records that the client begins to do something else, and how many messages it
 * has sent. Takes no lock. */
void client_mark(struct client *client, uint64_t sent);

/* Calls `visit` for each client, the longest connected first, with the mutex
 * held: it must neither block nor call any function of this module. */
void clients_walk(struct clients *c,
                  void (*visit)(struct client *client, void *argument),
                  void *argument);

/* Cuts off the clients of these n subscribers. Returns how many they are. */
size_t clients_cut(struct clients *c, const struct subscriber **subscribers,
                   size_t n);

/* Asks all clients to leave: hangs up the interruptible ones. No connection is
 * kept alive from now on. */
void clients_dismiss(struct clients *c);

/* True after clients_dismiss. */
bool clients_dismissed(struct clients *c);

/* After clients_dismiss: waits until no client with this role is in the middle
 * of a request; with `role` NULL, until all have left; for at most ms. Returns
 * true if that is so. */
bool clients_wait(struct clients *c, const char *role, int64_t ms);

/*
 * After clients_dismiss: waits until all have left, at most grace_ms. Then cuts
 * the others off, and waits as long again for their threads. False if a thread
 * is still there after that.
 */
bool clients_drain(struct clients *c, int64_t grace_ms);

struct clients_stats clients_stats(struct clients *c);

#endif
