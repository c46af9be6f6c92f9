/*
 * event_lines: a text as it was posted becomes the lines of an event, and such
 * an event a text again:
 *
 *     event: joined
 *     data: the first line
 *     data: the second one
 *
 * A line ends where an EventSource ends it: at LF, CR LF or CR (WHATWG HTML,
 * 9.2.6). The client gets all of them back as LF. Pure.
 */
#ifndef CRIER_EVENT_LINES_H
#define CRIER_EVENT_LINES_H

#include "base/slice.h"

/* How many bytes event_lines_print prints. An empty name is none. */
size_t event_lines_size(struct slice name, struct slice text);

/* Prints the lines, without a line end behind the last one, nor a NUL. */
void event_lines_print(struct slice name, struct slice text, char *out);

/* The name in a whole event; empty if it has none. */
struct slice event_lines_name(struct slice event);

/* Cuts an event up to behind its next line of the text, which becomes *line.
 * False if there is none. */
bool event_lines_next(struct slice *event, struct slice *line);

/* Puts the text of a whole event into `out`, which has room for event.len
 * bytes. Returns its length. */
size_t event_lines_text(struct slice event, char *out);

#endif
