/*
 * memory: keeps what clients make the server hold within --max-memory.
 *
 * The budget of the context pays for the bodies of requests, for the answers of
 * polls, for scripts that are played, and for messages that have left the
 * history while slow subscribers still write them. The history itself, at most
 * --history messages of --max-body, is not part of it.
 */
#ifndef CRIER_MEMORY_H
#define CRIER_MEMORY_H

#include "server/context.h"

/* After a message was published: if the budget is exceeded, cuts off the
 * subscribers that are furthest behind. They come back, and get a gap. */
void memory_keep(struct context *c);

#endif
