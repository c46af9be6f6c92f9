/*
 * origin: which pages of other origins may use this server (Fetch standard,
 * CORS; RFC 6454.) Pure.
 */
#ifndef CRIER_ORIGIN_H
#define CRIER_ORIGIN_H

#include "http/request.h"
#include "server/settings.h"

enum origin {
    ORIGIN_OWN,     /* no Origin, so it is no page; or a page of this server */
    ORIGIN_ALLOWED, /* --allow-origin names it */
    ORIGIN_FOREIGN, /* any other; also a page that used a name that is not ours
                     */
};

/* Judges the request's Origin by the host and port that it was sent to, and by
 * the settings. Names of ours are addresses, localhost, --host and
 * --server-name; setup.h adds the machine's own name. */
enum origin origin_judge(const struct request *r, const struct settings *s);

/*
 * True if this host[:port], of a request's Host, is a name of ours. Another
 * owner can make his name point here (DNS rebinding); then a browser takes that
 * owner's page for one of ours.
 */
bool origin_is_our_name(struct slice authority, const struct settings *s);

/* True if --allow-origin says "*". */
bool origin_any(const struct settings *s);

#endif
