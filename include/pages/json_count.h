/*
 * json_count: how much work a JSON text is, before it is parsed.
 *
 * A parser makes a tree of all values, and each takes time and memory, however
 * short it is: 21,000 empty objects fit into 64 KiB. This looks at each byte
 * once, and needs no memory.
 */
#ifndef CRIER_JSON_COUNT_H
#define CRIER_JSON_COUNT_H

#include "base/slice.h"

struct json_count {
    size_t values; /* objects, arrays, strings, numbers and literals; a name of
                    * a member is none */
    size_t depth;  /* of objects and arrays in one another */
};

/* Exact up to the first byte that is not JSON, where a parser stops. What comes
 * behind it may count too, but takes nothing away. */
struct json_count json_count(struct slice text);

#endif
