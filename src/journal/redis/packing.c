/* packing: see packing.h. */
#include "journal/redis/packing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a word takes besides its bytes, at most: $, its length, and two ends of
 * lines. */
enum { FRAME = 32, FIRST = 1024 };

static bool reserve(struct packing *p, size_t more)
{
    size_t size = p->size > 0 ? p->size : FIRST;
    char *bytes;

    while (size - p->len < more)
        size *= 2;
    if (size == p->size)
        return true;
    bytes = realloc(p->bytes, size);
    if (!bytes)
        return false;
    p->bytes = bytes;
    p->size = size;
    return true;
}

static void add_number(struct packing *p, char kind, size_t number)
{
    p->len +=
        (size_t)snprintf(p->bytes + p->len, FRAME, "%c%zu\r\n", kind, number);
}

static void add_word(struct packing *p, struct slice word)
{
    add_number(p, '$', word.len);
    if (word.len > 0)
        memcpy(p->bytes + p->len, word.at, word.len);
    memcpy(p->bytes + p->len + word.len, "\r\n", 2);
    p->len += word.len + 2;
}

bool packing_add(struct packing *p, size_t n, const struct slice *words)
{
    size_t more = FRAME;

    for (size_t i = 0; i < n; i++)
        more += words[i].len + FRAME;
    if (!reserve(p, more))
        return false;
    add_number(p, '*', n);
    for (size_t i = 0; i < n; i++)
        add_word(p, words[i]);
    return true;
}

void packing_free(struct packing *p)
{
    free(p->bytes);
    *p = (struct packing){NULL, 0, 0};
}
