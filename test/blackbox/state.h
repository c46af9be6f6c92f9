/*
 * What the tests of /threads, /timeline, /votes, /faults and /poke say most:
 * look at the server's state, watch it, change it.
 */
#ifndef CRIER_TEST_STATE_H
#define CRIER_TEST_STATE_H

#include "harness.h"

#include <jansson.h>

/* Fails unless the text is JSON; json_decref it. */
json_t *parse_json(const char *text);

/* GET, whose answer must be JSON; json_decref it. */
json_t *look(const struct server *server, const char *target);

/* GET, and from now on what is told by events. */
struct client *watch(const struct server *server, const char *target);

/* The data of the next event, which is JSON; json_decref it. */
json_t *next_state(struct client *watcher);

/* POST without a body and with these field lines, or "". Free the answer's
 * body. */
struct reply command_with(const struct server *server, const char *target,
                          const char *fields);

/* The same, which must be done: fails unless the status is 200. */
void command(const struct server *server, const char *target);

#endif
