/*
 * log_writer: the thread "log", which alone writes to standard error.
 *
 * Standard error may take nothing for hours: a pipe that nobody reads, a paused
 * terminal, a disk that hangs. So no other thread writes to it. There are two
 * pages: all threads add their lines to one, while this thread writes the
 * other; then it swaps them. Lines that find no room, or that standard error
 * refuses, are dropped, and counted. The count becomes a line in their place.
 *
 * Any thread may call these, but log_writer_start.
 */
#ifndef CRIER_LOG_WRITER_H
#define CRIER_LOG_WRITER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Starts the thread: for the main thread, before there are others. Until then
 * whoever has a line writes it. At exit(3), what is left is written, if that
 * takes no longer than LIMIT_LOG_FLUSH_MS. -1 with errno if it fails.
 */
int log_writer_start(void);

/* Takes over a line, which ends with a newline and has at most LOG_LINE bytes
 * (log.h). Never waits for standard error. A line is never spread over two
 * writes, so that lines stay whole among those of other processes. */
void log_writer_put(const char *line, size_t len);

/* How a dated line begins: "22:41:07.123 [4711] ". */
void log_writer_prefix(char *out, size_t size);

/* When the thread began to wait or to write; ms, monotonic. */
int64_t log_writer_since(void);

#endif
