/*
 * stream: what the broker says of its stream as a whole.
 */
#ifndef CRIER_REDIS_STREAM_H
#define CRIER_REDIS_STREAM_H

#include "journal/redis/wire.h"
#include "store/event_id.h"

struct stream_state {
    struct event_id newest; /* given ever */
    bool any;               /* it has entries; */
    struct event_id oldest; /* the oldest one */
    bool whole;             /* the oldest one is the start */
};

/* Puts the question behind the commands that wait. */
void stream_ask_state(struct wire *w);

/* Hears the answer. A stream that is not there has no entries. False if there
 * is no answer. */
bool stream_hear_state(struct wire *w, int64_t deadline,
                       struct stream_state *state);

/* Reads the same from a reply. False if it is none. */
bool stream_read_state(const struct redisReply *reply,
                       struct stream_state *state);

/* Gives a stream that is not there its first entry. False if that fails. */
bool stream_begin(struct wire *w, int64_t deadline);

#endif
