/*
 * look_json: a look at the threads, as JSON.
 */
#ifndef CRIER_LOOK_JSON_H
#define CRIER_LOOK_JSON_H

#include "threads/look.h"

/*
 * Prints an event whose data is the look; src/pages/README.md describes it.
 * With `before`, prints only the threads that are new or changed since that
 * look, and in "gone" the ids of those that have ended. A thread that is not
 * new then lacks "tid" and "client", which stay as they are. Returns malloc'd
 * text and its length; NULL if memory runs out.
 */
char *look_json_event(const struct look *now, const struct look *before,
                      struct context *context, size_t *len);

#endif
