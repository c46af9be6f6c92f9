/*
 * world: a store, its subscribers with the real code that writes to their
 * clients, and the clients, which check what they get.
 */
#ifndef CRIER_GRADE_WORLD_H
#define CRIER_GRADE_WORLD_H

#include "server/clients.h"
#include "server/exchange.h"
#include "store/store_private.h"
#include "store/subscribers.h"

enum {
    READERS = 2,
    MANY = 1000,
    WAIT_MS = 30000,
    WORLD_FD = 10000, /* the first reader's socket, which is none */
};

/* A client that reads a stream. */
struct reader {
    const char *name; /* of its subscriber */
    bool reads, gone;
    int messages; /* that it has got */
    struct subscriber *sub;
    struct client client;
    struct stream stream;
    struct exchange x;
};

struct world {
    struct store *store;
    struct context context;
    size_t count;
    struct reader readers[READERS];
    int published;
    bool poked, beat, closed; /* what has happened, for the checks */
};

struct actor;

extern struct world world;

/* Makes a store with one turn, and so many subscribers, whose threads are
 * added. Each stream ends after `limit` messages. */
void world_begin(size_t readers, uint64_t limit);

/* After the run: each client must have got so many messages, and nothing may be
 * left in the store. */
void world_end(int messages);

/* Publishes message number n. */
void world_publish(int n);

/* What the subscriber that sleeps for ever does not notice, as a sentence. */
void world_lacks(const struct actor *sleeper, char *text, size_t size);

/* store_wait, with its contract checked. */
enum store_news world_wait(struct subscriber *sub, int64_t deadline);

#endif
