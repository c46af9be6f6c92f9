/*
 * explore: tries all choices, as one walks through a maze: the last choice that
 * has an alternative is changed, and all before it stay.
 */
#include "schedule.h"

#include "tell.h"

enum { DEPTH = 2000 };

static struct {
    size_t chosen, of;
} path[DEPTH];
static size_t depth, at;

void explore_begin(void)
{
    depth = at = 0;
}

size_t explore_choose(size_t n)
{
    if (n == 1)
        return 0;
    if (at == DEPTH)
        wrong("the threads run for ever, and do not wait");
    if (at == depth) {
        path[depth].chosen = 0;
        path[depth++].of = n;
    }
    return path[at++].chosen;
}

bool explore_next(void)
{
    at = 0;
    while (depth > 0) {
        if (++path[depth - 1].chosen < path[depth - 1].of)
            return true;
        depth--;
    }
    return false;
}
