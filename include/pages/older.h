/*
 * older: messages that have left the memory, and come from the journal.
 */
#ifndef CRIER_OLDER_H
#define CRIER_OLDER_H

#include "server/exchange.h"
#include "store/store.h"

/*
 * If the batch has a gap: writes what the journal has of it by `write`, page by
 * page, and takes it off *left. Cuts the batch to what is then left. Without a
 * journal, or without a gap, does nothing.
 *
 * -1 if the client has gone, or if messages cannot be read now: then the stream
 * is ended, the client comes back later, and the batch is empty.
 */
int older_write(struct context *context, struct stream *stream,
                struct store_batch *batch, uint64_t *left,
                int (*write)(struct stream *stream, struct store_batch *page));

/* If the batch has a gap: puts the first page of what the journal has into its
 * place. False if messages cannot be read now; then the batch is empty. */
bool older_replace(struct context *context, struct store_batch *batch);

#endif
