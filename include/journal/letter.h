/*
 * letter: a message that waits to be kept, and its publisher.
 *
 * It belongs to the publisher and to the group's thread. The one that is done
 * last frees it, since a publisher may leave before.
 */
#ifndef CRIER_LETTER_H
#define CRIER_LETTER_H

#include "base/list.h"
#include "journal/terms.h"
#include "store/message.h"

#include <pthread.h>
#include <stdatomic.h>

struct letter {
    atomic_uint owners;
    struct message *message; /* one reference */
    pthread_cond_t done;     /* its publisher sleeps on it */
    struct message *known;   /* that has its key: one reference, or NULL */

    /* Guarded by the group's mutex. */
    struct list link; /* in waiting, in taken, or in none */
    bool is_taken;
    enum journal_fate fate;
    char key[]; /* as the publisher calls the message, or "" */
};

/* A letter with two owners. NULL if memory runs out. */
struct letter *letter_new(struct message *m, const char *key);

/* True if one of n letters has the same key. */
bool letter_has_twin(const struct letter *l, struct letter *const *letters,
                     size_t n);

/* Removes an owner; the last owner's call frees the letter. */
void letter_unref(struct letter *l);

#endif
