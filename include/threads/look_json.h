/*
 * look_json: a look at the threads, as JSON.
 */
#ifndef CRIER_LOOK_JSON_H
#define CRIER_LOOK_JSON_H

#include "threads/look.h"

/*
 * Prints the look as one object; src/pages/README.md describes it. With
 * `before`, prints only the threads that are new or changed since that look,
 * and in "gone" the ids of those that have ended. A thread that is not new then
 * lacks "tid" and "client", which stay as they are. Returns malloc'd text
 * without a newline, and its length; NULL if memory runs out.
 */
char *look_json(const struct look *now, const struct look *before,
                struct context *context, size_t *len);

#endif
