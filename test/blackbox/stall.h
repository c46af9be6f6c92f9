/*
 * Clients that hold a thread of the server up: one that does not read, and one
 * that has sent half a request. The server has time limits for both. On a slow
 * machine they may pass before a test has seen what it waits for. So a test
 * does not fail then, but does the same again: see `late`.
 *
 * As in the harness, whatever goes wrong ends the test.
 */
#ifndef CRIER_TEST_STALL_H
#define CRIER_TEST_STALL_H

#include "harness.h"

/* A message's text that is larger than what the sockets of such a client hold
 * (see client_connect_small): 60,000 bytes. */
const char *large_text(void);

/* A subscriber that does not read, whose thread has been seen in sendmsg. The
 * server gives it up 10 s after its buffers were full. There must be no other
 * subscriber, for the messages are large. */
struct client *stall(const struct server *server);

/* A client in the middle of a POST /update: the server has read the head, which
 * 100 Continue tells. It waits for the rest of the body for more than 60 s. */
struct client *send_half(const struct server *server);

/* Sends the rest, and reads the answer; its status is 0 if the server has cut
 * the connection instead. */
struct response send_rest(struct client *client);

/* Whether more time has passed since then than a test can expect the server to
 * leave to what it sees off: about half of that. */
bool late(double start);

#endif
