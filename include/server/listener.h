/*
 * listener: opens the socket that the server accepts clients from.
 *
 * It is one socket, since the main thread blocks in one accept. Clients look
 * for `localhost` at ::1 or at 127.0.0.1, in the order that they like.
 */
#ifndef CRIER_LISTENER_H
#define CRIER_LISTENER_H

#include <stdbool.h>

enum { LISTENER_ERROR_SIZE = 256, LISTENER_HOST_SIZE = 80 };

/*
 * Listens on the first address of the host (a name or an address), and on the
 * port; 0 is a free one. "::" is IPv4, too. So is localhost: the socket is
 * bound to the interface lo (Linux), to which ::1 and 127.0.0.1 belong, and no
 * address that others reach. Without IPv6, or the right to do that, localhost
 * is 127.0.0.1. Returns a descriptor that the caller closes. Returns -1 if it
 * cannot; then `error` says in one line what to do.
 */
int listener_open(const char *host, int port, char error[LISTENER_ERROR_SIZE]);

/* The port that the socket listens on. */
int listener_port(int listener);

/* True if it listens on all addresses of the machine. */
bool listener_for_all(int listener);

/*
 * Writes the host of a URL that leads a browser of this machine to the
 * listener: localhost, or else an address. To be called once.
 *
 * If the listener is at 127.0.0.1 and not at ::1, this takes the port at ::1,
 * too, and keeps it until the process ends. Clients are refused there, and then
 * try 127.0.0.1. So no other server can come between. Returns false if another
 * one has the port already, so that localhost may lead there.
 */
bool listener_host(int listener, char host[LISTENER_HOST_SIZE]);

#endif
