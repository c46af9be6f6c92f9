/*
 * votes_state: what a client may know of the class's vote, as JSON.
 */
#ifndef CRIER_VOTES_STATE_H
#define CRIER_VOTES_STATE_H

#include "pages/ballot.h"
#include "server/exchange.h"

enum { VOTES_STATE_SIZE = 512 };

struct votes_state {
    char at[VOTES_STATE_SIZE];
    size_t len;
};

/* True if the client is on this machine. With --server-name nobody is: behind a
 * proxy everybody would be. */
bool votes_state_teacher(const struct context *context,
                         const struct client *client);

/* Prints the state as a JSON object. The votes are in it only if they are
 * shown, and for the teacher the address that others reach. */
void votes_state_print(struct votes_state *out, const struct context *context,
                       const struct client *client,
                       const struct ballot_state *state);

/* The same as an event. */
void votes_state_event(struct votes_state *out, const struct context *context,
                       const struct client *client,
                       const struct ballot_state *state);

/* "nothing", "votes" or "answer". */
const char *votes_state_shown(enum ballot_shown shown);

#endif
