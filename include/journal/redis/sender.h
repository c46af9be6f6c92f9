/*
 * sender: the connection on which messages go to the broker.
 *
 * The group's thread alone uses it. A batch is one transaction in one pipeline:
 * MULTI, an XADD for each message, EXEC. So all of the batch is kept, or
 * nothing; and if the connection breaks before EXEC is sent, that is clear.
 *
 * A letter with a key is a script of its own instead of an XADD: it looks for
 * the key, and adds the entry only if no other entry has it. So two machines
 * that get the same key at the same time add one entry.
 *
 * A message comes back to this machine by the follower (follower.h), which
 * gives it to the store. The sender waits for that: then each publisher's reply
 * comes after its message was published here.
 *
 * Once a second without a batch it tries whether the broker would take one.
 */
#ifndef CRIER_SENDER_H
#define CRIER_SENDER_H

#include "journal/group.h"
#include "journal/redis/broker.h"

struct sender;

/* Connects. NULL if that fails; then `error` says why. */
struct sender *sender_open(struct broker *b, char error[JOURNAL_ERROR_SIZE]);

/* Its connection, before the group's thread has it. */
struct wire *sender_wire(struct sender *s);

/* As struct group_work has it. */
enum journal_fate sender_keep(struct sender *s, struct letter *const *letters,
                              size_t n);
int64_t sender_rest(struct sender *s);

void sender_close(struct sender *s);

#endif
