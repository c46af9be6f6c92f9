/*
 * address: under which address other machines reach this one.
 */
#ifndef CRIER_ADDRESS_H
#define CRIER_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>

enum { ADDRESS_SIZE = INET_ADDRSTRLEN };

/* The first IPv4 address that is up and not loopback, as text. False if there
 * is none. */
bool address_outside(char text[ADDRESS_SIZE]);

/* True if a --host is all addresses of this machine: 0.0.0.0, or ::. */
bool address_is_all(const char *host);

#endif
