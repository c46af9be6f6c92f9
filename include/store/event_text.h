/*
 * event_text: the bytes of a message's event that do not depend on its id:
 *
 *     event: joined
 *     data: {"text":"hello","event":"joined","timestamp":
 *
 * Only a message with a name has `event:`, and the member. Pure.
 */
#ifndef CRIER_EVENT_TEXT_H
#define CRIER_EVENT_TEXT_H

#include <jansson.h>

/* How many bytes event_text_print prints for a text, a JSON string, and a name,
 * a JSON string without line breaks, or NULL. 0 if memory runs out. */
size_t event_text_size(const json_t *text, const json_t *name);

/* Prints them, without a NUL. Returns where the JSON begins in `out`;
 * NULL if memory runs out. */
char *event_text_print(const json_t *text, const json_t *name, char *out);

#endif
