/*
 * look: all threads of the server at one moment: who they are, what they block
 * in, and where in the store they are.
 *
 * The kernel says what a thread blocks in (proc.h). If it does not, the
 * server's own record must do: a client between two requests is in recv, a
 * subscriber in one of the store's lists waits on its condition variable, and a
 * subscriber in none of them writes.
 *
 * Threads: any thread may look. It holds the clients' mutex while it walks the
 * clients, and the store's for an instant for each subscriber.
 */
#ifndef CRIER_LOOK_H
#define CRIER_LOOK_H

#include "server/clients.h"
#include "server/context.h"
#include "server/peer.h"
#include "store/inspect.h"
#include "threads/proc.h"

/* accept, signals, departures, log, and the journal's threads if it has any:
 * the first rows. */
enum { LOOK_OWN = 6 };

struct thread {
    uint64_t number; /* rows are in this order */
    pid_t tid;       /* 0 unknown */
    const char *role;
    const char *call; /* what it blocks in; NULL: running, or unknown */
    struct proc proc; /* not known: `call` is by the server's record */
    int64_t since;    /* when it began to do that; ms, monotonic */

    /* Only for clients; else "", NULL and 0. */
    struct peer peer;
    char request[CLIENT_REQUEST];
    bool interruptible;
    struct subscriber *subscriber;
    enum store_place place;          /* of a subscriber, */
    char channel[CHANNEL_NAME_SIZE]; /* and what it hears */
    uint64_t sent;                   /* messages */
};

struct look {
    size_t count, room;
    struct thread *rows;
    struct store_stats store;
};

/*
 * Looks at all threads. The caller frees now->rows. A thread that sleeps and
 * has done nothing since the look `before` (NULL: there is none) is not looked
 * up in /proc again. `directory` is proc_open's. False if memory runs out.
 */
bool look_take(struct look *now, const struct look *before,
               struct context *context, int directory);

/* True if both rows say the same of the same thread. */
bool look_same(const struct thread *a, const struct thread *b);

#endif
