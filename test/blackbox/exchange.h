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

enum end { GOES_ON, CLOSES };

struct exchange {
    const char *what; /* the case, for the message if it fails */
    int status;
    const char *request;
    enum end end;
    const char *rest; /* a field line or the whole body; or NULL */
};

/*
 * Sends each request on a connection of its own, with a GET /healthz at once
 * behind it. That must be answered too, and the client be told how long the
 * connection stays (Keep-Alive); or, if the case closes, not be read:
 * `Connection: close` and the end of the connection must follow instead.
 */
void check_exchanges(const struct server *server, const struct exchange *table,
                     size_t count);

/* The same for one whose request is no string. */
void check_exchange(const struct server *server,
                    const struct exchange *exchange, size_t size);

#endif
