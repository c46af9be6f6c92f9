/*
 * origin: which pages may use this server (Fetch standard, CORS; RFC 6454), and
 * under which names. Pure.
 */
#ifndef CRIER_ORIGIN_H
#define CRIER_ORIGIN_H

#include "http/request.h"
#include "server/settings.h"

enum origin {
    ORIGIN_OWN,     /* no Origin, so it is no page; or a page of this server, or
                     * of a proxy before it */
    ORIGIN_NAMED,   /* --allow-origin names it */
    ORIGIN_ANY,     /* --allow-origin says "*", and does not name it */
    ORIGIN_FOREIGN, /* any other; also a page that used a name that is not ours
                     */
};

/* Judges the request's Origin by the host and port that it was sent to, and by
 * the settings. */
enum origin origin_judge(const struct request *r, const struct settings *s);

/*
 * True if this host[:port], of a request's Host, is a name of ours: an address,
 * a name of localhost, --host or --server-name; setup.h adds the machine's own
 * name. A dot at the end changes nothing. Another owner can make his name point
 * here (DNS rebinding); then a browser takes that owner's page for one of ours.
 */
bool origin_is_our_name(struct slice authority, const struct settings *s);

/* True for localhost and for any name below it: they are always this machine
 * (RFC 6761, 6.3). */
bool origin_is_localhost(struct slice name);

/*
 * True if a browser sent the request under a name that is not ours, and
 * --allow-origin does not let its page in. Programs such as curl may use any
 * name.
 */
bool origin_is_rebound(const struct request *r, const struct settings *s);

/* True if --allow-origin says "*". */
bool origin_any(const struct settings *s);

#endif
