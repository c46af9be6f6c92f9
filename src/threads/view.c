/* view: see view.h. */
#include "threads/view.h"

#include "base/clock.h"
#include "http/target.h"
#include "server/event_stream.h"
#include "server/forwarded.h"
#include "store/slow.h"
#include "threads/look_json.h"
#include "threads/shots.h"
#include "threads/viewer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int write_shot(struct stream *stream, struct context *context,
                      struct shared_look *now, const struct shared_look *before)
{
    struct shot *shot = (struct shot *)now;
    struct slice event = {NULL, 0};
    int result;

    if (now->number == before->number + 1)
        return stream_write_chunk(stream, shot->changes);
    /* It has missed a shot, since it writes more slowly than others. */
    event.at = look_json_event(
        &shot->look, &((const struct shot *)before)->look, context, &event.len);
    if (!event.at)
        return -1;
    result = stream_write_chunk(stream, event);
    free((char *)(uintptr_t)event.at);
    return result;
}

/* Runs after the exchange: the stream of looks. */
static void run_view(struct context *context, struct client *client,
                     struct stream *stream, const struct afterwards *self)
{
    struct gallery *g = self->data;

    viewer_run(context, client, stream, &g->threads, &shots, write_shot);
}

void view_threads(struct exchange *x)
{
    struct gallery *g = viewer_enter(x);

    if (!g)
        return;
    response_field(&x->response, "Vary", "Accept");
    if (event_stream_wanted(&x->request)) {
        viewer_stream(x, g, run_view);
        return;
    }
    viewer_send_look(x, &g->threads, &shots);
    gallery_leave(g);
}

/* The first step only begins it. Each that follows ends one turn; with `all`,
 * one after the other until nobody has one. */
static void step(struct exchange *x, bool all)
{
    const struct peer peer = forwarded_peer(x);
    const int64_t end = clock_deadline(LIMIT_STEPS_MS);
    struct store *store = x->context->store;
    char who[PEER_SIZE], text[32];
    int steps = 0;
    bool more;

    peer_print(&peer, who);
    more = store_step_by_step(store, who, LIMIT_STEP_MS);
    while (more && store_step(store, LIMIT_STEP_WAIT_MS)) {
        steps++;
        more = all && clock_monotonic_ms() < end;
    }
    snprintf(text, sizeof text, "{\"steps\":%d}", steps);
    response_send(&x->response, 200, "application/json", slice_of(text));
}

void view_slow(struct exchange *x)
{
    char text[32];
    uint64_t ms;

    if (!x->context->settings.classroom) {
        response_error(&x->response, 403, "slow motion needs --classroom");
        return;
    }
    if (target_query(x->request.query, "step", text, sizeof text)) {
        step(x, strcmp(text, "message") == 0);
        return;
    }
    if (!target_query(x->request.query, "ms", text, sizeof text) ||
        !slice_number(slice_of(text), LIMIT_SLOW_MS, &ms)) {
        response_error(&x->response, 400,
                       "ms must be a whole number from 0 to 5000; step and "
                       "step=message go on by hand");
        return;
    }
    store_slow(x->context->store, (int)ms);
    snprintf(text, sizeof text, "{\"slow_ms\":%d}", (int)ms);
    response_send(&x->response, 200, "application/json", slice_of(text));
}
