/*
 * event_id: the identity and order of messages, as EventSource sees it.
 *
 * An id is the message's millisecond since the epoch; further messages of the
 * same millisecond add "-1", "-2" and so on: "1744353420000-1". Ids that the
 * server gives strictly increase. All functions are pure.
 */
#ifndef CRIER_EVENT_ID_H
#define CRIER_EVENT_ID_H

#include "base/limit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVENT_ID_SIZE = 48 }; /* room for the longest printed id and its NUL */

struct event_id {
    int64_t ms;   /* milliseconds since the epoch, not negative */
    uint64_t nth; /* 0 for the first message of that millisecond */
};

/*
 * Reads the len bytes at text, which need no NUL. False, and *id unchanged,
 * unless they are what event_id_print prints: "MS" or "MS-NTH" without leading
 * zeros, at most LIMIT_EVENT_ID bytes, not overflowing.
 */
bool event_id_parse(const char *text, size_t len, struct event_id *id);

/* Prints the id and a NUL; returns the length without the NUL. */
size_t event_id_print(struct event_id id, char out[EVENT_ID_SIZE]);

/* Negative, 0 or positive as a is before, equal to or after b. */
int event_id_compare(struct event_id a, struct event_id b);

/*
 * The id of a message that is published at now_ms, after the id `last`. Always
 * greater than last: if the clock stands still or was set back, it keeps the
 * last millisecond and counts on.
 */
struct event_id event_id_next(struct event_id last, int64_t now_ms);

#endif
