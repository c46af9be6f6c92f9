/*
 * origin: may a page of another origin use this server? (Fetch standard, CORS;
 * RFC 6454.) Pure.
 */
#ifndef CRIER_ORIGIN_H
#define CRIER_ORIGIN_H

#include "options.h"
#include "request.h"

enum origin {
    ORIGIN_OWN,     /* no Origin, so not a page; or a page of our own */
    ORIGIN_ALLOWED, /* named by --allow-origin */
    ORIGIN_FOREIGN, /* any other, also where it calls us by no name of ours */
};

/* Judges the request's Origin by its own host and port and the options. Names
 * of ours are addresses, localhost, --host and --server-name; main adds the
 * machine's own. */
enum origin origin_judge(const struct request *r, const struct options *o);

/*
 * Is this host[:port], of a request's Host, a name of ours? One that somebody
 * else owns may be made to point here (DNS rebinding): then a browser takes
 * that owner's page for one of ours.
 */
bool origin_is_our_name(struct slice authority, const struct options *o);

/* True if --allow-origin says "*". */
bool origin_any(const struct options *o);

#endif
