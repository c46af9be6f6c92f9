/*
 * publishers: how a publisher makes sure that its channel is there, before a
 * journal keeps its message.
 *
 * Threads: as in store.h.
 */
#ifndef CRIER_PUBLISHERS_H
#define CRIER_PUBLISHERS_H

#include "store/channels.h"
#include "store/store.h"

#include <sys/types.h>

/* At most `most` channels with a name, whose messages take at most `bytes` of
 * memory together, and one more for each publisher at work. Before the first
 * one comes. */
void store_set_channels(struct store *s, size_t most, size_t bytes);

/* The channel with this name, which does not go before store_leave. NULL if
 * there is no place for it, or its messages, or no memory. */
struct channel *store_enter(struct store *s, const char *name);

/* Ends that. If all channels have too many messages now, some of them go. */
void store_leave(struct store *s, struct channel *c);

/* Something else takes so many bytes of the channels' memory, as a message's
 * key does; or, if they are negative, no longer takes them. */
void store_weigh(struct store *s, ssize_t bytes);

#endif
