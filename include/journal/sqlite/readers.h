/*
 * readers: older messages for subscribers, straight from the file.
 *
 * A subscriber's own thread reads, a page at a time, and blocks meanwhile.
 * There are LIMIT_JOURNAL_READERS connections; who finds none free waits for
 * one. Nobody keeps a connection while it writes to a socket. In WAL mode
 * readers and the writer do not wait for each other, but for one thing: the
 * writer cannot empty its log while anybody reads. So it asks for a pause now
 * and then.
 *
 * Threads: every function may be called by any thread, but readers_new and
 * readers_free. One mutex guards the list of the connections; it is a leaf.
 */
#ifndef CRIER_READERS_H
#define CRIER_READERS_H

#include "journal/sqlite/file.h"
#include "store/store.h"

struct readers;

/* NULL if memory runs out. The file must outlive the readers. */
struct readers *readers_new(const struct file *file, int retry_ms);

/* As journal_older. `newest` is the id that the store has given last. */
enum journal_page readers_page(struct readers *r, struct event_id newest,
                               struct store_batch *batch, size_t max,
                               struct store_batch *page);

/* Nobody begins to read from now on. Waits for those that do, but for
 * LIMIT_JOURNAL_PAUSE_MS at most. */
void readers_pause(struct readers *r);
void readers_resume(struct readers *r);

/* From now on readers_page fails. */
void readers_close(struct readers *r);

/* Nobody may read any more. */
void readers_free(struct readers *r);

#endif
