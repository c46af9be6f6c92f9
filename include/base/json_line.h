/*
 * json_line: a JSON string that no client takes for several lines.
 *
 * JSON escapes the line breaks of ASCII. Unicode has three more, U+0085, U+2028
 * and U+2029, and some clients split an event's data there. So they are
 * escaped, too: the value stays the same (RFC 8259, 7).
 */
#ifndef CRIER_JSON_LINE_H
#define CRIER_JSON_LINE_H

#include <jansson.h>

/* How many bytes json_line_print prints for a JSON string; 0 if memory runs
 * out. */
size_t json_line_size(const json_t *string);

/* Prints the string with its quotes and without a NUL. `size` is
 * json_line_size's, and it returns the same, or 0 if memory runs out. */
size_t json_line_print(const json_t *string, char *out, size_t size);

#endif
