/*
 * recall: reads the newest messages from the broker into the store, at the
 * start.
 */
#ifndef CRIER_RECALL_H
#define CRIER_RECALL_H

#include "journal/redis/broker.h"
#include "journal/redis/wire.h"

/* Reads as many as a channel's history keeps, of all channels together; others
 * are read for who asks for them. Sets *last to the id of the newest entry.
 * False if that fails; then w->error says why. */
bool recall_messages(struct broker *b, struct wire *w, struct event_id *last);

#endif
