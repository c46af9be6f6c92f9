/*
 * strips: parts of the timeline, as a kind of what viewers share. Each strip
 * continues the one before.
 */
#ifndef CRIER_STRIPS_H
#define CRIER_STRIPS_H

#include "threads/shared.h"
#include "threads/timeline_json.h"

struct strip {
    struct shared_look shared;
    struct timeline_span span; /* the steps that are new in it */
    struct slice steps;        /* an event: these */
    struct shared_text all;
};

/* All of a strip are the steps up to it that are still kept. */
extern const struct shared_kind strips;

#endif
