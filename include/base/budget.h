/*
 * budget: how much memory all clients together may make the server hold.
 *
 * Threads: any thread may call these; the count is atomic. A budget may be
 * NULL: then there is no limit.
 */
#ifndef CRIER_BUDGET_H
#define CRIER_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct budget {
    size_t limit; /* bytes, set once */
    atomic_size_t used;
};

void budget_init(struct budget *b, size_t limit);

/* What a body or an answer of n bytes has to take: its first LIMIT_FREE cost
 * nothing, so that small messages get through when others have taken all. */
size_t budget_part(size_t n);

/* Takes n bytes. False, and takes nothing, if that exceeds the limit. None may
 * always be taken. */
bool budget_take(struct budget *b, size_t n);

/* Takes n bytes in any case. */
void budget_force(struct budget *b, size_t n);

/* Gives n bytes back. */
void budget_give(struct budget *b, size_t n);

/* True if more is taken than the limit allows. */
bool budget_exceeded(const struct budget *b);

#endif
