/*
 * raw_json: messages of a channel with a name, as a JSON array of what an
 * EventSource knows of each. Pure.
 */
#ifndef CRIER_RAW_JSON_H
#define CRIER_RAW_JSON_H

#include "store/batch.h"

/* Prints the array, without a NUL; nothing if `out` is NULL. Returns its length
 * in both cases. */
size_t raw_json_print(const struct store_batch *batch, char *out);

#endif
