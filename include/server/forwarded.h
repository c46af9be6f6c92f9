/*
 * forwarded: whose request it is, behind proxies that are trusted.
 */
#ifndef CRIER_FORWARDED_H
#define CRIER_FORWARDED_H

#include "http/request.h"
#include "server/exchange.h"
#include "server/peer.h"
#include "server/settings.h"

#include <netinet/in.h>
#include <stdbool.h>

/* Reads an IPv4 or IPv6 address. An IPv4 address is mapped into IPv6. False if
 * it is none. */
bool forwarded_address(struct slice text, struct in6_addr *address);

/* The same of a field's item, which may have blanks, brackets and a port. */
bool forwarded_parse(struct slice text, struct in6_addr *address);

/*
 * The address of the client whose request this is; `peer` is the other end of
 * the connection. Each proxy adds the address that it sees at the end of
 * X-Forwarded-For. So that is read backwards, as long as who has written it is
 * one of `trusted`: all before that could be a lie. If a trusted proxy has
 * written no address, as "unknown", it is "::", and nobody's: not the proxy's
 * own, which may be this machine's.
 */
struct in6_addr forwarded_client(const struct request *r, struct in6_addr peer,
                                 const struct settings_addresses *trusted);

/* The same for this exchange, and the proxies of --trust-proxy. It has no port
 * if one of them is the other end of the connection. */
struct peer forwarded_peer(const struct exchange *x);

#endif
