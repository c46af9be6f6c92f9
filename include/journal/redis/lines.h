/*
 * lines: older messages for subscribers, straight from the broker.
 *
 * A subscriber's own thread asks, a page at a time, and waits in poll(2) for
 * LIMIT_BROKER_MS at most. There are LIMIT_JOURNAL_READERS connections; who
 * finds none free waits for one. Nobody keeps a connection while it writes to a
 * socket.
 *
 * Threads: every function may be called by any thread, but lines_new and
 * lines_free. One mutex guards the list of the connections; it is a leaf.
 */
#ifndef CRIER_LINES_H
#define CRIER_LINES_H

#include "journal/redis/broker.h"

struct lines;

/* NULL if memory runs out. */
struct lines *lines_new(struct broker *b);

/* As journal_older. */
enum journal_page lines_page(struct lines *l, struct store_batch *batch,
                             size_t max, struct store_batch *page);

/* From now on lines_page fails. */
void lines_close(struct lines *l);

/* Nobody may ask any more. */
void lines_free(struct lines *l);

#endif
