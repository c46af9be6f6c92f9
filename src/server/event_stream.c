/* event_stream: see event_stream.h. */
#include "server/event_stream.h"

#include "server/retry.h"

#include <stdio.h>

/* no-transform: a proxy that compresses would hold events back. */
static void send_start(struct response *r, const char *first)
{
    response_field(r, "Cache-Control", "no-store, no-transform");
    response_field(r, "X-Accel-Buffering", "no");
    response_start(r, 200, "text/event-stream; charset=utf-8",
                   RESPONSE_NO_LENGTH, slice_of(first));
}

void event_stream_head(struct response *r)
{
    send_start(r, "");
}

void event_stream_start(struct response *r)
{
    send_start(r, "\n");
}

void event_stream_start_after(struct response *r, int retry,
                              struct event_id last)
{
    char first[EVENT_ID_SIZE + 40], id[EVENT_ID_SIZE];

    event_id_print(last, id);
    snprintf(first, sizeof first, "\nretry: %d\nid: %s\n\n", retry, id);
    send_start(r, first);
}

void event_stream_end(struct stream *stream)
{
    char text[32];

    snprintf(text, sizeof text, "retry: %d\n\n", retry_ms());
    if (stream_write_chunk(stream, slice_of(text)) == 0)
        stream_end_chunks(stream);
}
