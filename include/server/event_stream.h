/*
 * event_stream: how a stream of events begins, pauses and ends (WHATWG HTML,
 * 9.2, Server-sent events).
 */
#ifndef CRIER_EVENT_STREAM_H
#define CRIER_EVENT_STREAM_H

#include "http/response.h"
#include "store/event_id.h"

struct clients;

/* True if Accept names the type of events. */
bool event_stream_wanted(const struct request *r);

/* Sends the head alone. */
void event_stream_head(struct response *r);

/* Sends the head, and the demo's empty line. More follows by
 * stream_write_chunk. */
void event_stream_start(struct response *r);

/*
 * The same, and an event that sets the client's reconnection time and its last
 * id. It has no data, so it fires nothing. By it a client that loses the line
 * before the first message misses nothing.
 */
void event_stream_start_after(struct response *r, int retry,
                              struct event_id last);

/* Why a pause is over. */
enum event_stream_pause {
    PAUSE_OVER,        /* its time has come */
    PAUSE_STOPPED,     /* the server stops */
    PAUSE_BROKEN,      /* the client has broken the connection */
    PAUSE_HALF_CLOSED, /* the client has gone, or only finished sending */
};

/* Sleeps in poll(2) on the stream's socket until the deadline, or until there
 * is another reason. PAUSE_HALF_CLOSED is one only if it is asked for. */
enum event_stream_pause event_stream_pause(const struct stream *stream,
                                           struct clients *clients,
                                           int64_t until, bool half_closed);

/* Ends a stream that the client shall come back to: a `retry:` line says when
 * (retry.h), and the last chunk that it is complete. */
void event_stream_end(struct stream *stream);

#endif
