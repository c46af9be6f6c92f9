/*
 * gallery: what all viewers of a server share: how many they are, their looks,
 * and what a class has poked last.
 *
 * Threads: any thread may call these.
 */
#ifndef CRIER_GALLERY_H
#define CRIER_GALLERY_H

#include "server/peer.h"
#include "threads/shared.h"

#include <sys/types.h>

/* The latest poke; see poke.h. */
struct gallery_poke {
    const char *kind; /* a constant; NULL: there was none */
    pid_t thread;     /* that was poked, or 0 */
    int64_t at;       /* ms, monotonic */
    char by[PEER_SIZE];
};

struct gallery {
    atomic_int viewers;
    atomic_int puppets;     /* see puppet.h */
    struct shared threads;  /* of struct shot */
    struct shared timeline; /* of struct strip */
    pthread_mutex_t mutex;  /* guards poke */
    struct gallery_poke poke;
};

/* The gallery of a server. It is made at the first call, and stays. NULL if
 * memory runs out. */
struct gallery *gallery_of(struct context *context);

/* Adds a viewer. False if there are LIMIT_VIEWERS already. */
bool gallery_enter(struct gallery *g);

/* Removes a viewer. */
void gallery_leave(struct gallery *g);

/* Somebody looks: for the next minute the store keeps its steps (trace.h). -1
 * if memory runs out. */
int gallery_keep(struct context *context);

/* Sets the latest poke, or reads it. */
void gallery_poked(struct gallery *g, const struct gallery_poke *poke);
struct gallery_poke gallery_poke(struct gallery *g);

#endif
