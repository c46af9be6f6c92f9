/*
 * HTTP cases as tables of data: what is sent, what must come back, and
 * whether the connection goes on.
 */
#ifndef CRIER_TEST_EXCHANGE_H
#define CRIER_TEST_EXCHANGE_H

#include "harness.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The rest of a head that is all right. */
#define HOST "Host: localhost\r\n"

struct exchange {
    const char *what; /* the case, for the message if it fails */
    const char *request;
    size_t size; /* of the request; 0: it is a string */
    int status;
    int or_status;     /* where the contract leaves two answers; or 0 */
    const char *field; /* the response must have it, with this value … */
    const char *value; /* … or must not have it, if this is NULL */
    const char *body;  /* NULL: any */
    bool closes;
};

/*
 * Sends each request on a connection of its own, with a GET /healthz at once
 * behind it. That must be answered too, or, if the case closes, not be read:
 * `Connection: close` and the end of the connection must follow instead.
 */
void check_exchanges(const struct server *server,
                     const struct exchange *table, size_t count);

#endif
