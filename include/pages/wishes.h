/*
 * wishes: what a client asks of a stream: where it begins and where it ends.
 */
#ifndef CRIER_WISHES_H
#define CRIER_WISHES_H

#include "http/request.h"
#include "store/event_id.h"

struct wishes {
    struct slice last_event_id; /* as it was sent; at NULL if it was not */
    bool has_after;             /* it is an id: */
    struct event_id after;
    uint64_t limit;                     /* messages; UINT64_MAX: no limit */
    char parameter[LIMIT_EVENT_ID + 2]; /* room for one byte too many */
};

/*
 * Reads the field Last-Event-ID, or else the parameter lastEventId, and the
 * parameter limit. False if limit is not a positive integer. `w` may point into
 * the request, and into itself: do not copy it.
 */
bool wishes_read(struct wishes *w, const struct request *r);

/* Logs that a subscriber comes with these wishes. */
void wishes_log(const struct wishes *w);

#endif
