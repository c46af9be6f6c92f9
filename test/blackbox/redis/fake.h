/*
 * A program at a broker's port that is no broker.
 *
 * As in the harness, whatever goes wrong ends the test.
 */
#ifndef CRIER_TEST_FAKE_H
#define CRIER_TEST_FAKE_H

#include <pthread.h>

enum { FAKE_CLIENTS = 16 };

struct fake {
    const char *reply;
    int listener, stop[2];
    int clients[FAKE_CLIENTS];
    int count;
    pthread_t thread;
};

/* Listens at the port, and answers each command with the reply. If that does
 * not end with a newline, it is all that a connection gets; and "" ends it. */
void fake_start(struct fake *f, int port, const char *reply);

/* Closes the port and all connections. */
void fake_stop(struct fake *f);

#endif
