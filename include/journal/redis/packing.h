/*
 * packing: commands, as the broker reads them (RESP, the protocol of Redis):
 *
 *     *2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n
 *
 * Not hiredis' own, since that does not survive a failing malloc.
 */
#ifndef CRIER_PACKING_H
#define CRIER_PACKING_H

#include "base/slice.h"

#include <stdbool.h>

/* All zero: nothing is packed. */
struct packing {
    char *bytes;
    size_t len, size;
};

/* Adds a command of n words. False if memory runs out. */
bool packing_add(struct packing *p, size_t n, const struct slice *words);

/* Nothing is packed any more. */
void packing_free(struct packing *p);

#endif
