/*
 * peer: the address at the other end of a socket.
 */
#ifndef CRIER_PEER_H
#define CRIER_PEER_H

#include <netinet/in.h>
#include <stdbool.h>

enum { PEER_SIZE = INET6_ADDRSTRLEN + sizeof "[]:65535" };

/* An address of either family. */
struct peer {
    struct sockaddr_in6 address; /* also has room for a sockaddr_in */
};

/* The peer of a connected socket; its family is AF_UNSPEC if it has gone. */
struct peer peer_of(int fd);

/* The socket's own end; likewise. */
struct peer peer_own(int fd);

/* Prints "127.0.0.1:5000" or "[::1]:5000", "127.0.0.1" or "[::1]" without a
 * port, or "" if the peer has gone. An IPv4 address that is mapped into IPv6 is
 * printed as IPv4. Returns out. */
const char *peer_print(const struct peer *p, char out[PEER_SIZE]);

/* The IPv4 address as an IPv6 one, ::ffff:127.0.0.1 (RFC 4291, 2.5.5.2). */
struct in6_addr peer_map_ipv4(struct in_addr four);

/* The address without the port; an IPv4 address is mapped into IPv6. All zeros
 * if the peer has gone. */
struct in6_addr peer_address(const struct peer *p);

/* True if both have the same address and port, in either family. */
bool peer_same(const struct peer *a, const struct peer *b);

/* True if it is this machine: 127.0.0.0/8, or ::1. */
bool peer_is_loopback(const struct peer *p);

/* True if the peer of a connected socket is this machine, by whichever of its
 * addresses: loopback, or the very address that it connected to. */
bool peer_is_here(int fd);

#endif
