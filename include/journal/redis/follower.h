/*
 * follower: the thread "broker". It hears what comes into the broker's stream,
 * from this machine or another one, and gives it to the store.
 *
 * It blocks in poll(2), while the broker holds its XREAD BLOCK. With each
 * answer the broker also tells the oldest entry that it still has. If that is
 * newer than the last one that was heard, some may be gone in between: then the
 * history gets a gap. After a lost connection it goes on from the last id, in
 * pauses that grow, and differ, so that not all machines come back at once.
 */
#ifndef CRIER_FOLLOWER_H
#define CRIER_FOLLOWER_H

#include "journal/redis/broker.h"

struct follower;

/* Starts the thread, which begins behind b->tide. NULL if the machine refuses;
 * then errno says why. */
struct follower *follower_new(struct broker *b);

/* When the thread has last heard of the broker; ms, monotonic. */
int64_t follower_since(const struct follower *f);

/* Ends the thread, once b->stop can be read. */
void follower_free(struct follower *f);

#endif
