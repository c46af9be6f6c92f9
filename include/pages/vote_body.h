/*
 * vote_body: the body of a vote, a JSON object.
 */
#ifndef CRIER_VOTE_BODY_H
#define CRIER_VOTE_BODY_H

#include "pages/ballot.h"

struct vote_body {
    char question[LIMIT_QUESTION + 1];
    unsigned choice; /* 0: none that there could be */
    uint8_t voter[BALLOT_VOTER];
};

/* Reads a vote. Returns 200; or 400, 413, or 503 if memory runs out. */
int vote_body_read(struct slice text, struct vote_body *vote);

#endif
