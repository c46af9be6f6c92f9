/*
 * script_walk: what looks at more than one step of a script. Pure.
 */
#ifndef CRIER_SCRIPT_WALK_H
#define CRIER_SCRIPT_WALK_H

#include "pages/script.h"

/* Reads all of it. Returns the number of the first line with a mistake, and why
 * it is one, or 0. */
size_t script_check(struct slice text, const char **reason);

/*
 * Goes behind the first event with this id; false, and stays, if there is none.
 * A drop, reset or stall that stands before the next event has happened
 * already: that is why the client comes back. It is skipped.
 */
bool script_resume(struct script *s, struct slice id);

/* True if no event, and nothing else that a client would see, is left. */
bool script_is_over(struct script s);

#endif
