/*
 * letter: a message that waits to be kept, and its publisher.
 *
 * It belongs to the publisher and to the group's thread. The one that is done
 * last frees it, since a publisher may leave before.
 */
#ifndef CRIER_LETTER_H
#define CRIER_LETTER_H

#include "base/list.h"
#include "store/message.h"

#include <pthread.h>
#include <stdatomic.h>

/* What becomes of letters. */
enum letter_result {
    LETTER_KEPT,    /* all of the batch is kept, and published */
    LETTER_REFUSED, /* nothing of it is kept */
    LETTER_UNCLEAR, /* all of it may be kept, or nothing */
    LETTER_WAITING, /* not done yet */
};

struct letter {
    atomic_uint owners;
    struct message *message; /* one reference */
    pthread_cond_t done;     /* its publisher sleeps on it */

    /* Guarded by the group's mutex. */
    struct list link; /* in waiting, in taken, or in none */
    bool is_taken;
    enum letter_result result;
};

/* A letter with two owners. NULL if memory runs out. */
struct letter *letter_new(struct message *m);

/* Removes an owner; the last owner's call frees the letter. */
void letter_unref(struct letter *l);

#endif
