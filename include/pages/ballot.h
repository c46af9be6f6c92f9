/*
 * ballot: one question to the class, and how many have voted for what.
 *
 * A teacher asks; each browser has one vote, and may change it; the teacher
 * shows the votes, and then the answer, which ends the vote. Who asks again
 * throws all votes away. Nobody's name is known: a voter is a random number
 * that a browser has made up.
 *
 * Threads: any thread may call these. One mutex guards all of it.
 */
#ifndef CRIER_BALLOT_H
#define CRIER_BALLOT_H

#include "base/limit.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum { BALLOT_VOTER = 16 }; /* bytes */

enum ballot_shown { BALLOT_NOTHING, BALLOT_VOTES, BALLOT_ANSWER };

enum ballot_verdict {
    BALLOT_COUNTED,
    BALLOT_OTHER, /* this question is not asked now */
    BALLOT_LATE,  /* the answer is shown already */
    BALLOT_WRONG, /* there is no such choice */
    BALLOT_FULL,  /* LIMIT_VOTERS others have voted */
};

/* All about it at one moment. */
struct ballot_state {
    uint64_t changes;                  /* grows with each change */
    char question[LIMIT_QUESTION + 1]; /* "": none is asked */
    unsigned choices;
    int64_t asked; /* ms since the epoch; another number each time */
    enum ballot_shown shown;
    unsigned voters;
    unsigned votes[LIMIT_CHOICES]; /* for each choice */
};

struct ballot;

/* NULL if memory runs out. */
struct ballot *ballot_new(void);
void ballot_free(struct ballot *b);

/* Asks a question of so many choices, 2 to LIMIT_CHOICES, without any vote. Its
 * name is of LIMIT_QUESTION bytes at most: a-z, 0-9 and -. False if not. */
bool ballot_ask(struct ballot *b, struct slice question, unsigned choices);

/* Shows more, or less again. False if no question is asked. */
bool ballot_show(struct ballot *b, enum ballot_shown shown);

/* No question is asked any more. */
void ballot_end(struct ballot *b);

/* Counts the choice, from 1 on, of this voter, instead of its earlier one. */
enum ballot_verdict ballot_vote(struct ballot *b, struct slice question,
                                const uint8_t voter[BALLOT_VOTER],
                                unsigned choice);

struct ballot_state ballot_read(struct ballot *b);

/* Adds one who waits for changes. False if there are LIMIT_VOTERS already. */
bool ballot_enter(struct ballot *b);

/* Removes it. */
void ballot_leave(struct ballot *b);

#endif
