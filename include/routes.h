/*
 * routes: which handler answers which path and method.
 */
#ifndef CRIER_ROUTES_H
#define CRIER_ROUTES_H

#include "exchange.h"

struct route {
    const char *path; /* NULL: any other */
    unsigned methods; /* bits of enum method; OPTIONS is always one */
    /* Answers the request, whose body has been read; blocks as it likes. */
    void (*handler)(struct exchange *x);
};

/* The route for a decoded path; there is always one. */
const struct route *routes_find(const char *path);

/*
 * What stands against this request on this route before its body is read:
 * 200 for nothing, 501 for an unknown method, 405 (with Allow added to the
 * answer), or 403 for a post from a foreign page. Adds the CORS fields that a
 * page of an allowed origin needs (Fetch standard, 3.2.3).
 */
int routes_judge(struct exchange *x, const struct route *route);

/* Answers a request that nothing stands against. */
void routes_answer(struct exchange *x, const struct route *route);

#endif
