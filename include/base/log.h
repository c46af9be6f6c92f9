/*
 * log: one line an event, to standard error.
 *
 * The lines of two threads are never mixed. A line is cut at LOG_LINE bytes.
 * Nobody waits for standard error (log_writer.h). Any thread may call these,
 * but log_quiet, which the main thread calls before there are others.
 */
#ifndef CRIER_LOG_H
#define CRIER_LOG_H

#include "base/slice.h"

#include <stdbool.h>

enum { LOG_TEXT = 512, LOG_LINE = 2 * LOG_TEXT + 256 };

/* From now on log_event says nothing. */
void log_quiet(void);

/* A line as it is, for whoever starts the server. */
void log_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Time, thread id, and what a client did. */
void log_event(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Time, thread id, and how the server's own state has changed. The caller takes
 * care that this is seldom. */
void log_change(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Time, thread id, "error:", and what the machine refused. The same text is
 * logged once in LIMIT_LOG_MS, with how often it came since the line before:
 * trouble that a thousand clients meet is one line, and trouble that lasts is a
 * line from time to time. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Copies text that a client sent, as a string: control bytes and bytes beyond
 * ASCII become \xNN, a backslash is doubled, and what is too long ends in
 * "...". Returns out.
 */
const char *log_escape(struct slice text, char out[LOG_TEXT]);

#endif
