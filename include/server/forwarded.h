/*
 * forwarded: whose request it is, behind proxies that are trusted.
 */
#ifndef CRIER_FORWARDED_H
#define CRIER_FORWARDED_H

#include "http/request.h"
#include "server/settings.h"

#include <netinet/in.h>
#include <stdbool.h>

/* Reads an IPv4 or IPv6 address, with or without brackets and a port. An IPv4
 * address is mapped into IPv6. False if it is none. */
bool forwarded_parse(struct slice text, struct in6_addr *address);

/*
 * The address of the client whose request this is; `peer` is the other end of
 * the connection. Each proxy adds the address that it sees at the end of
 * X-Forwarded-For. So that is read backwards, as long as who has written it is
 * one of `trusted`: all before that could be a lie.
 */
struct in6_addr forwarded_client(const struct request *r, struct in6_addr peer,
                                 const struct settings_list *trusted);

#endif
