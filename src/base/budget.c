/* budget: see budget.h. */
#include "base/budget.h"

#include "base/limit.h"

void budget_init(struct budget *b, size_t limit)
{
    b->limit = limit;
    atomic_init(&b->used, 0);
}

size_t budget_part(size_t n)
{
    return n > LIMIT_FREE ? n - LIMIT_FREE : 0;
}

bool budget_take(struct budget *b, size_t n)
{
    if (!b || n == 0 || atomic_fetch_add(&b->used, n) + n <= b->limit)
        return true;
    atomic_fetch_sub(&b->used, n);
    return false;
}

void budget_force(struct budget *b, size_t n)
{
    if (b)
        atomic_fetch_add(&b->used, n);
}

void budget_give(struct budget *b, size_t n)
{
    if (b)
        atomic_fetch_sub(&b->used, n);
}

bool budget_exceeded(const struct budget *b)
{
    return b && atomic_load(&b->used) > b->limit;
}
