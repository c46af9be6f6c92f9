/*
 * thread_json: a look at the threads, as JSON.
 */
#ifndef CRIER_THREAD_JSON_H
#define CRIER_THREAD_JSON_H

#include "threads.h"

/*
 * Prints the look as one object (see README). With `before`, only the threads
 * that are new, or say something new since that look (and then without "tid"
 * and "client", which stay as they are), and "gone", the ids of
 * those that have ended. Returns malloc'd text without a newline, and its
 * length; NULL if memory runs out.
 */
char *thread_json(const struct threads *now, const struct threads *before,
                  struct context *context, size_t *len);

#endif
