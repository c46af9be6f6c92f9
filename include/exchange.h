/*
 * exchange: one request and its answer, and the house it happens in: what a
 * handler gets. Only structs; the functions are in response.h.
 */
#ifndef CRIER_EXCHANGE_H
#define CRIER_EXCHANGE_H

#include "body.h"
#include "clients.h"
#include "departures.h"
#include "options.h"
#include "request.h"
#include "store.h"
#include "stream.h"

#include <stdatomic.h>

enum { EXCHANGE_FIELDS = 1024, EXCHANGE_STATUS_CLASSES = 6 };

/* What all connections share; made by main, and there until all have left. */
struct context {
    struct options options; /* read-only by then */
    struct store *store;
    struct clients *clients;
    struct departures *departures;
    atomic_int viewers;                             /* of /threads, now */
    int public_dir;                                 /* descriptor, O_PATH */
    int64_t started;                                /* ms, monotonic */
    atomic_ullong answers[EXCHANGE_STATUS_CLASSES]; /* [2]: how many 2xx */
};

/* What an answer leaves to be done when the exchange, and with it the memory
 * that it needed, is gone: nothing (sub is NULL), or a stream of messages. */
struct subscription {
    struct subscriber *sub;
    uint64_t limit; /* messages */
};

/* Belongs to its connection's thread. */
struct exchange {
    struct context *context;
    struct client *client;
    struct stream *stream;
    struct request request;
    struct body body;
    char path[LIMIT_TARGET + 1]; /* decoded, a string; "" until it is known */

    bool close;  /* the connection ends after this answer */
    bool linger; /* and the client may still be sending */
    int status;  /* of the answer, 0 until it is sent */
    struct subscription subscription;

    /* Field lines that the answer has beyond those that every answer has. */
    char fields[EXCHANGE_FIELDS];
    size_t fields_len;
};

#endif
