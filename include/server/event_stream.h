/*
 * event_stream: the beginning and the end of a stream of events (WHATWG HTML,
 * 9.2, Server-sent events).
 */
#ifndef CRIER_EVENT_STREAM_H
#define CRIER_EVENT_STREAM_H

#include "http/response.h"
#include "store/event_id.h"

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

/* Ends a stream that the client shall come back to: a `retry:` line says when
 * (retry.h), and the last chunk that it is complete. */
void event_stream_end(struct stream *stream);

#endif
