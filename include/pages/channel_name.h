/*
 * channel_name: what may be the name of a channel. Pure.
 */
#ifndef CRIER_CHANNEL_NAME_H
#define CRIER_CHANNEL_NAME_H

/* Returns why this cannot be the name of a channel, or NULL. */
const char *channel_name_wrong(const char *name);

#endif
