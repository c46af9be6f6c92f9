/* fuzz: see fuzz.h. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

size_t fuzz_choice(struct slice input, size_t limit)
{
    uint32_t hash = 2166136261; /* FNV-1a */

    for (size_t i = 0; i < input.len; i++)
        hash = (hash ^ (unsigned char)input.at[i]) * 16777619;
    return (hash ^ hash >> 16) % limit;
}

char *fuzz_copy(struct slice s)
{
    char *copy = malloc(s.len);

    assert(copy != NULL);
    if (s.len > 0)
        memcpy(copy, s.at, s.len);
    return copy;
}

bool fuzz_same(struct slice a, struct slice b)
{
    return !a.at == !b.at && a.len == b.len &&
           (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
