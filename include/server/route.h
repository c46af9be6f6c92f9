/*
 * route: which handler answers a request, and which requests it accepts.
 */
#ifndef CRIER_ROUTE_H
#define CRIER_ROUTE_H

#include "server/exchange.h"

/* The role of a thread that may publish. At the end these leave first. */
#define ROUTE_PUBLISHER "publisher"

enum { ROUTE_READ = METHOD_GET | METHOD_HEAD };

/* All about a path. routes.c has the table of them. */
struct route {
    /* "*.sse" is every path that has a segment with this ending. NULL is any
     * other path, and ends the table. */
    const char *path;
    unsigned methods; /* bits of enum method; OPTIONS is always one */
    /* Answers the request, whose body has been read; may block. */
    void (*handler)(struct exchange *x);
    const char *role; /* of the client's thread, in the thread view */
    bool json_errors; /* for programs; people get a line of text */
    bool any_name;    /* tells and takes no messages: see origin_is_rebound */
    /* False if there is nothing at x->path; NULL: there always is. */
    bool (*exists)(struct exchange *x);
};

/*
 * Finds the route of a request whose head had this status, before its body is
 * read; there is always one. Sets x->path, and how x->response will end.
 *
 * Returns 200 if the route accepts the request; else the status of the refusal:
 * that of the head, 400 for a broken path, 501 for an unknown method, 405 (and
 * adds Allow to the answer), 404 instead of it if nothing is there, 403 for a
 * post from a foreign page, and for a page under a foreign name, or 415 for a
 * post whose body is compressed (and adds Accept-Encoding; RFC 9110, 15.5.16).
 * Adds the CORS fields that a page of an allowed origin needs to read the
 * answer, or why there is none (Fetch standard, 3.2.3).
 */
int route_admit(struct exchange *x, int status, const struct route **route);

/* Answers a request that the route accepts, and whose body has been read. */
void route_answer(struct exchange *x, const struct route *route);

#endif
