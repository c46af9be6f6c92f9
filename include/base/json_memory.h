/*
 * json_memory: a parse by jansson that survives a failing malloc.
 *
 * jansson 2.14 does not survive a malloc that fails while it reads a string: it
 * loses a byte, or writes behind its buffer. So our allocator does not return
 * NULL to it then. Instead it leaves the whole parse with longjmp, which drops
 * jansson's frames, and nothing waits for memory. jansson cannot free what it
 * had so far. So the allocator keeps a list of all blocks of the parse that
 * this thread runs, and frees them itself.
 *
 * At all other times a failed malloc is NULL: jansson's builders and encoders
 * survive it, and say that they failed.
 */
#ifndef CRIER_JSON_MEMORY_H
#define CRIER_JSON_MEMORY_H

#include "base/slice.h"

#include <jansson.h>

/* Gives jansson this allocator. The main thread calls this before any other use
 * of jansson. */
void json_memory_install(void);

/* As json_loadb; any thread may call this. Takes what JSON.parse takes: any
 * value, any integer that a double can hold, and \u0000. The caller owns the
 * value, and gives it back with json_decref as usual. NULL, and an empty
 * error->text, if memory runs out. */
json_t *json_memory_load(struct slice text, json_error_t *error);

#endif
