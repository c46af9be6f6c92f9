/*
 * memory: keeps what clients make the server hold within --max-memory.
 *
 * Half of it pays for the bodies of requests, for the answers of polls, less
 * LIMIT_FREE of each, and for scripts that are played: what does not fit is
 * refused. The other half pays for messages that have left the history while
 * slow subscribers still write them: the slowest are cut off. So slow
 * subscribers do not keep others from posting. The history itself, at most
 * --history messages of --max-body, is not part of it.
 */
#ifndef CRIER_MEMORY_H
#define CRIER_MEMORY_H

#include "server/context.h"

/* After a message was published: if slow subscribers hold too much, cuts off
 * the subscribers that are furthest behind. They come back, and get a gap. */
void memory_keep(struct context *c);

#endif
