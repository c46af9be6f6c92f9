/*
 * range: some older messages, read in one go.
 *
 * Threads: the wire belongs to the calling thread.
 */
#ifndef CRIER_RANGE_H
#define CRIER_RANGE_H

#include "journal/redis/broker.h"
#include "journal/redis/wire.h"

/*
 * As journal_older, in one transaction, so that nothing is trimmed meanwhile.
 * The page is empty before. False if the broker does not tell; then w->error
 * says why.
 */
bool range_read(struct broker *b, struct wire *w, struct store_batch *batch,
                size_t max, struct store_batch *page);

#endif
