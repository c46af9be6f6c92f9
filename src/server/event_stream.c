/* event_stream: see event_stream.h. */
#include "server/event_stream.h"

#include "base/clock.h"
#include "server/clients.h"
#include "server/retry.h"

#include <poll.h>
#include <stdio.h>

/* When the server stops, it hangs up the interruptible clients, which wakes who
 * looks for PAUSE_HALF_CLOSED. The others look for themselves. */
enum { LOOK_MS = 250 };

bool event_stream_wanted(const struct request *r)
{
    struct slice rest = request_field(r, "Accept");

    while (rest.at) {
        struct slice item = slice_cut(&rest, ',');

        if (slice_is_nocase(slice_trim(slice_cut(&item, ';')),
                            "text/event-stream"))
            return true;
    }
    return false;
}

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

enum event_stream_pause event_stream_pause(const struct stream *stream,
                                           struct clients *clients,
                                           int64_t until, bool half_closed)
{
    struct pollfd client = {.fd = stream->fd,
                            .events = half_closed ? POLLRDHUP : 0};
    int64_t left;

    while ((left = until - clock_monotonic_ms()) > 0) {
        poll(&client, 1, left < LOOK_MS ? (int)left : LOOK_MS);
        if (clients_dismissed(clients))
            return PAUSE_STOPPED;
        if (client.revents & (POLLERR | POLLHUP | POLLNVAL))
            return PAUSE_BROKEN;
        if (client.revents & POLLRDHUP)
            return PAUSE_HALF_CLOSED;
    }
    return PAUSE_OVER;
}

void event_stream_end(struct stream *stream)
{
    char text[32];

    snprintf(text, sizeof text, "retry: %d\n\n", retry_ms());
    if (stream_write_chunk(stream, slice_of(text)) == 0)
        stream_end_chunks(stream);
}
