/* ring: see ring.h. */
#include "store/ring.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16 };

int ring_init(struct ring *r, size_t most)
{
    r->room = most < FIRST_ROOM ? most : FIRST_ROOM;
    r->places = malloc(r->room * sizeof *r->places);
    return r->places ? 0 : -1;
}

void ring_free(struct ring *r)
{
    free(r->places);
}

/* Twice as many places. If memory runs out, all stays as it is. */
static void grow(struct ring *r, size_t most, uint64_t from, uint64_t to)
{
    struct ring larger = {.room = most / 2 < r->room ? most : 2 * r->room};

    larger.places = malloc(larger.room * sizeof *larger.places);
    if (!larger.places)
        return;
    for (uint64_t n = from; n < to; n++)
        *ring_place(&larger, n) = *ring_place(r, n);
    ring_free(r);
    *r = larger;
}

bool ring_has_room(struct ring *r, size_t most, uint64_t from, uint64_t to)
{
    if (to - from == r->room && r->room < most)
        grow(r, most, from, to);
    return to - from < r->room;
}

struct message **ring_place(const struct ring *r, uint64_t number)
{
    return &r->places[number % r->room];
}
