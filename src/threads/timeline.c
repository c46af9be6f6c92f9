/* timeline: see timeline.h. */
#include "threads/timeline.h"

#include "http/target.h"
#include "server/event_stream.h"
#include "threads/chrome.h"
#include "threads/strips.h"
#include "threads/timeline_json.h"
#include "threads/viewer.h"

#include <stdlib.h>
#include <string.h>

static int write_strip(struct stream *stream, struct context *context,
                       struct shared_look *now,
                       const struct shared_look *before)
{
    struct strip *strip = (struct strip *)now;
    const struct strip *last = (const struct strip *)before;
    struct slice event = {NULL, 0};
    int result;

    if (strip->span.from == last->span.until)
        return stream_write_chunk(stream, strip->steps);
    /* It has missed a strip, since it writes more slowly than others. */
    event.at = timeline_json_event(
        context, (struct timeline_span){last->span.until, strip->span.until},
        &event.len);
    if (!event.at)
        return -1;
    result = stream_write_chunk(stream, event);
    free((char *)(uintptr_t)event.at);
    return result;
}

/* Runs after the exchange: the stream of strips. */
static void run_timeline(struct context *context, struct client *client,
                         struct stream *stream, const struct afterwards *self)
{
    struct gallery *g = self->data;

    viewer_run(context, client, stream, &g->timeline, &strips, write_strip);
}

static void send_chrome(struct exchange *x)
{
    const struct timeline_span all = {0, UINT64_MAX};
    struct slice json = {NULL, 0};
    struct trace_entry *entries;
    const ssize_t n = timeline_read(x->context, all, &entries);

    if (n >= 0) {
        json.at = chrome_trace(entries, (size_t)n, &json.len);
        free(entries);
    }
    viewer_send(x, json);
    free((char *)(uintptr_t)json.at);
}

void timeline(struct exchange *x)
{
    char format[16] = "";
    const bool named =
        target_query(x->request.query, "format", format, sizeof format);
    const bool chrome = strcmp(format, "chrome") == 0;
    struct gallery *g;

    if (named && !chrome && strcmp(format, "json") != 0) {
        viewer_refuse(x, 400, "format must be json or chrome");
        return;
    }
    g = viewer_enter(x);
    if (!g)
        return;
    response_field(&x->response, "Vary", "Accept");
    if (!named && event_stream_wanted(&x->request)) {
        viewer_stream(x, g, run_timeline);
        return;
    }
    if (chrome)
        send_chrome(x);
    else
        viewer_send_look(x, &g->timeline, &strips);
    gallery_leave(g);
}
