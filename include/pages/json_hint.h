/*
 * json_hint: what a body that is not JSON looks like, and what to do about it.
 */
#ifndef CRIER_JSON_HINT_H
#define CRIER_JSON_HINT_H

#include "base/slice.h"

/* Returns a sentence for whoever posted the body, in ASCII; NULL if the body
 * looks like nothing that is known. */
const char *json_hint(struct slice body);

#endif
