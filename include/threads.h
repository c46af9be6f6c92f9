/*
 * threads: all threads of the server at one moment: who they are, what they
 * block in, and where in the store they are.
 *
 * What a thread blocks in, the kernel says (task.h). Where it does not, the
 * server's own record has to do, and that follows from what it keeps anyway: a
 * client between two requests is in recv, a subscriber in one of the store's
 * lists waits on its condition variable, and one in none of them writes.
 *
 * A look costs the threads that are looked at nothing but the clients' mutex
 * for its length, and the store's for an instant each.
 */
#ifndef CRIER_THREADS_H
#define CRIER_THREADS_H

#include "clients.h"
#include "exchange.h"
#include "peer.h"
#include "task.h"

enum {
    THREADS_OWN = 3 /* accept, signals, departures: the first rows */
};

struct thread {
    uint64_t number; /* rows are in this order */
    pid_t tid;       /* 0 unknown */
    const char *role;
    const char *call; /* what it blocks in; NULL: it runs, or who knows */
    struct task task; /* not known: `call` is by the server's record */
    int64_t since;    /* ms, monotonic: what it does, it does since then */

    /* Clients alone; else "", NULL and 0. */
    struct peer peer;
    char request[CLIENT_REQUEST];
    bool idle;
    struct subscriber *subscriber;
    enum store_place place; /* of a subscriber */
    uint64_t sent;          /* messages */
};

struct threads {
    size_t count, room;
    struct thread *rows;
};

/*
 * Looks at all threads, which must be the caller's to free(now.rows). A thread
 * that sleeps and has done nothing since the look `before` (NULL: there is
 * none) is not looked up in /proc again. `task_directory` is task_open's.
 * False if memory runs out.
 */
bool threads_look(struct threads *now, const struct threads *before,
                  struct context *context, int task_directory);

/* True if both rows say the same of the same thread. */
bool threads_same(const struct thread *a, const struct thread *b);

#endif
