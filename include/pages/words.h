/*
 * words: one event as several, a word of its data each, as language models
 * stream their texts. Pure: no I/O.
 */
#ifndef CRIER_WORDS_H
#define CRIER_WORDS_H

#include "base/slice.h"

#include <stdbool.h>

struct words {
    struct slice event; /* its lines */
    char *data;         /* as a client sees it */
    size_t len, at;
    char *out; /* where the next event is made */
};

/*
 * Begins with an event, whose bytes must stay. False if it stays whole: it has
 * no data, or its data begins as JSON does, with '{' or '['; or if memory runs
 * out. The caller calls words_end after true.
 */
bool words_begin(struct words *w, struct slice event);

/*
 * Makes the next event: its data is the blanks and line breaks before the next
 * word, and the word, so that a client that joins all data has the whole. Each
 * has the `event:` of the whole. Only the last one has its other lines: a
 * client that comes back with an id has all the words before it. Sets *piece,
 * valid until the next call. False if there is none left.
 */
bool words_next(struct words *w, struct slice *piece);

void words_end(struct words *w);

#endif
