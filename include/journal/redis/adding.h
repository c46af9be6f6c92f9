/*
 * adding: the command that makes an entry of a message (entry.h).
 */
#ifndef CRIER_ADDING_H
#define CRIER_ADDING_H

#include "journal/redis/wire.h"
#include "store/message.h"

#include <stdbool.h>

/*
 * Puts the command that adds a message, which no other thread has yet. `keep`
 * is how many entries shall stay, at least. Its reply is the entry's id. With a
 * key other than "" it is the entry that has this key, if there is one; then
 * nothing is added. False if memory runs out.
 */
bool adding_put(struct wire *w, struct message *m, const char *key,
                size_t keep);

#endif
