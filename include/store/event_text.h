/*
 * event_text: the bytes of a message's event that do not depend on its id:
 *
 *     event: joined
 *     data: {"text":"hello","event":"joined","timestamp":
 *
 * Only an event with a name has the line `event:` and the member "event". In a
 * channel with a name the bytes are the lines of event_lines.h instead. Pure.
 */
#ifndef CRIER_EVENT_TEXT_H
#define CRIER_EVENT_TEXT_H

#include "base/slice.h"

#include <jansson.h>

/* What a message says. All that it points to is the caller's. */
struct event_text {
    const char *channel; /* its name; "" is that of /update */
    /* In /update's channel: JSON strings. The event's name has no line breaks;
     * NULL: it has none. */
    const json_t *text, *name;
    /* In others: what was posted, and the event's name; empty: it has none. */
    struct slice raw, raw_name;
};

/* How many bytes event_text_print prints. 0 if memory runs out. */
size_t event_text_size(const struct event_text *t);

/* Prints them, without a NUL. Returns where the JSON begins in `out`, or `out`
 * if there is none; NULL if memory runs out. */
char *event_text_print(const struct event_text *t, char *out);

#endif
