/*
 * listener: opens the socket that the server accepts clients from.
 */
#ifndef CRIER_LISTENER_H
#define CRIER_LISTENER_H

enum { LISTENER_ERROR_SIZE = 256 };

/*
 * Listens on the first address of the host (a name or an address), and on the
 * port; 0 is a free one. Returns a descriptor that the caller closes. Returns
 * -1 if it cannot; then `error` says in one line what to do.
 */
int listener_open(const char *host, int port, char error[LISTENER_ERROR_SIZE]);

/* The port that the socket listens on. */
int listener_port(int listener);

#endif
