/*
 * route: which handler answers a request, and which requests it accepts.
 */
#ifndef CRIER_ROUTE_H
#define CRIER_ROUTE_H

#include "server/exchange.h"

/* The role of a thread that may publish. At the end these leave first. */
#define ROUTE_PUBLISHER "publisher"

enum { ROUTE_READ = METHOD_GET | METHOD_HEAD };

enum route_flag {
    ROUTE_PUBLISHES = 1, /* a POST takes a message: it is a publisher's */
    ROUTE_JSON = 2,     /* errors are JSON, for programs; else a line of text */
    ROUTE_ANY_NAME = 4, /* tells and takes no messages: see
                         * origin_is_rebound */
};

/* All about a path. routes.c has the table of them. */
struct route {
    /* One path; or many: "*.sse" is each that has a segment with this ending,
     * "/a/" and a star is each that begins with "/a/". NULL ends the table: it
     * is each path that no other route has. */
    const char *path;
    unsigned methods; /* bits of enum method; OPTIONS is always one */
    /* Answers the request, whose body has been read; may block. */
    void (*handler)(struct exchange *x);
    const char *role; /* of the client's thread, in the thread view */
    unsigned flags;   /* bits of enum route_flag */
    /* False if there is nothing at x->path; NULL: there always is. */
    bool (*exists)(struct exchange *x);
};

/*
 * Finds the route of a request whose head had this status, before its body is
 * read; there is always one. Sets x->path, and how x->response will end.
 *
 * Returns 200 if the route accepts the request; else the status of the refusal:
 *   that of the head, if it was refused;
 *   400  the path is broken;
 *   501  nobody knows this method;
 *   405  this route does not take it, and Allow says which it takes; or 404 if
 *        nothing is there;
 *   403  a page of a foreign origin posts, or a page uses a foreign name;
 *   401, 429  see publish_rule.h;
 *   415  the body of a post is compressed, and Accept-Encoding says that none
 *        may be (RFC 9110, 15.5.16).
 * Adds the CORS fields that a page of an allowed origin needs to read the
 * answer, or why there is none (Fetch standard, 3.2.3).
 */
int route_admit(struct exchange *x, int status, const struct route **route);

/* The role of the client that sends such a request. */
const char *route_role(const struct route *route, const struct exchange *x);

/* Answers a request that the route accepts, and whose body has been read. */
void route_answer(struct exchange *x, const struct route *route);

#endif
