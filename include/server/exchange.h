/*
 * exchange: one request and its answer. It is what a handler gets.
 *
 * Threads: an exchange belongs to its connection's thread.
 */
#ifndef CRIER_EXCHANGE_H
#define CRIER_EXCHANGE_H

#include "http/body.h"
#include "http/response.h"
#include "server/context.h"

struct client;

/* Work that runs after the exchange's memory is released: a stream may last for
 * hours, and must not hold the buffers of its request. */
struct afterwards {
    void (*run)(struct context *context, struct client *client,
                struct stream *stream, const struct afterwards *self);
    void *data;     /* for run alone */
    uint64_t limit; /* for run alone */
};

/* What one request and its answer need. It lies on the heap, and most of it is
 * not touched by a small request. */
struct exchange {
    struct context *context;
    struct client *client;
    struct afterwards afterwards; /* run NULL: there is none */
    struct request request;
    struct body body;
    struct response response;
    char path[LIMIT_TARGET + 1]; /* decoded, a string; "" until it is known */
    char buffer[STREAM_BUFFER];  /* of the stream */
};

#endif
