/*
 * route: which handler answers a request, and which requests it accepts.
 */
#ifndef CRIER_ROUTE_H
#define CRIER_ROUTE_H

#include "server/exchange.h"

/* All about a path. routes.c has the table of them. */
struct route {
    const char *path; /* NULL: any other; it ends the table */
    unsigned methods; /* bits of enum method; OPTIONS is always one */
    /* Answers the request, whose body has been read; may block. */
    void (*handler)(struct exchange *x);
    const char *role; /* of the client's thread, in the thread view */
    bool json_errors; /* for programs; people get a line of text */
};

/* The route for a decoded path; there is always one. */
const struct route *route_find(const struct route *table, const char *path);

/*
 * Judges a request before its body is read. Returns 200 if the route accepts
 * it; else 501 for an unknown method, 405 (and adds Allow to the answer), or
 * 403 for a post from a foreign page. Adds the CORS fields that a page of an
 * allowed origin needs (Fetch standard, 3.2.3).
 */
int route_judge(struct exchange *x, const struct route *route);

/* Answers a request that the route accepts. */
void route_answer(struct exchange *x, const struct route *route);

#endif
