/*
 * timeline_json: steps of the store's threads (trace.h), as JSON.
 */
#ifndef CRIER_TIMELINE_JSON_H
#define CRIER_TIMELINE_JSON_H

#include "base/slice.h"
#include "server/context.h"
#include "store/store.h"
#include "store/trace.h"

/* The steps with the numbers from .. until - 1. */
struct timeline_span {
    uint64_t from, until;
};

/* Copies the steps that are still kept. Returns how many they are; the caller
 * frees *entries. -1 if memory runs out. */
ssize_t timeline_read(struct context *context, struct timeline_span span,
                      struct trace_entry **entries);

/*
 * Prints an event whose data has the steps; src/pages/README.md describes it.
 * Returns malloc'd text and its length; NULL if memory runs out.
 */
char *timeline_json_event(struct context *context, struct timeline_span span,
                          size_t *len);

#endif
