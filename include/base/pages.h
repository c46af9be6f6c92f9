/*
 * pages: gives memory back to the kernel while it is not used.
 */
#ifndef CRIER_PAGES_H
#define CRIER_PAGES_H

#include <stddef.h>

/* Gives the whole pages of this memory back to the kernel. They are there
 * again, and empty, when they are needed next: what they held is lost. */
void pages_give_back(void *memory, size_t size);

#endif
