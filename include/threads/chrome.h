/*
 * chrome: steps of the store's threads as a trace that Chrome
 * (chrome://tracing) and Perfetto (ui.perfetto.dev) open.
 *
 * The format is the JSON of "Trace Event Format": a thread has slices (ph X),
 * named after the function that it was blocked in, and each wake-up is an arrow
 * (ph s and f) from the one who woke to the one who woke up.
 */
#ifndef CRIER_CHROME_H
#define CRIER_CHROME_H

#include "store/trace.h"

#include <stddef.h>

/* Prints n steps. Returns malloc'd text and its length; NULL if memory runs
 * out. */
char *chrome_trace(const struct trace_entry *e, size_t n, size_t *len);

#endif
