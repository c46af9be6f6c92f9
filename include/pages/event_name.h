/*
 * event_name: what may be the name of an event. Pure.
 */
#ifndef CRIER_EVENT_NAME_H
#define CRIER_EVENT_NAME_H

#include "base/slice.h"

/* Returns why this cannot be the name of an event, or NULL. */
const char *event_name_wrong(struct slice name);

/* True for "" and "message": an event without a name is that. */
bool event_name_is_none(struct slice name);

#endif
