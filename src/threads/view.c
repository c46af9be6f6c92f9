/*
 * view: see view.h.
 *
 * A viewer is not a subscriber: in slow motion it would wait for its turn like
 * the others, and see nothing. Between two looks it sleeps in poll(2) on its
 * own socket, as a client that may be hung up.
 */
#include "threads/view.h"

#include "base/clock.h"
#include "http/target.h"
#include "server/clients.h"
#include "server/event_stream.h"
#include "server/origin.h"
#include "server/peer.h"
#include "store/inspect.h"
#include "store/slow.h"
#include "threads/look_json.h"
#include "threads/shots.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_MS = 250, /* between two looks */
    LOOK_FAST_MS = 50,
};

/* How long to sleep: in slow motion half a turn. */
static int next_look_ms(struct store *store)
{
    const int slow = store_stats(store).slow_ms;

    if (slow == 0 || slow / 2 > LOOK_MS)
        return LOOK_MS;
    return slow / 2 > LOOK_FAST_MS ? slow / 2 : LOOK_FAST_MS;
}

/* Writes what has changed since the shot `before`; all, if that is NULL. */
static int write_shot(struct stream *stream, struct context *context,
                      const struct shot *now, const struct shot *before)
{
    struct slice event = {NULL, 0};
    int result;

    if (!before)
        return stream_write_chunk(stream, now->all);
    if (now->number == before->number)
        return 0;
    if (now->number == before->number + 1)
        return stream_write_chunk(stream, now->changes);
    /* It has missed a shot, since it writes more slowly than others. */
    event.at = look_json_event(&now->look, &before->look, context, &event.len);
    if (!event.at)
        return -1;
    result = stream_write_chunk(stream, event);
    free((char *)(uintptr_t)event.at);
    return result;
}

/* Sleeps until the next look is due. Returns false if the client has left, or
 * the server stops: then it hangs up the interruptible clients. */
static bool wait_for_next_look(const struct stream *stream, int ms)
{
    struct pollfd client = {.fd = stream->fd, .events = POLLIN | POLLRDHUP};

    return poll(&client, 1, ms) == 0;
}

/* Runs after the exchange: the stream of looks. */
static void run_view(struct context *context, struct client *client,
                     struct stream *stream, const struct afterwards *self)
{
    struct shots *shots = self->data;
    struct shot *before = NULL, *now;
    int result = 0, ms;

    stream_only_sends(stream);
    clients_interruptible(context->clients, client);
    do {
        ms = next_look_ms(context->store);
        client_mark(client, 0);
        now = shots_take(shots, context, ms / 2);
        if (now)
            result = write_shot(stream, context, now, before);
        shot_unref(before);
        before = now;
    } while (now && result == 0 && wait_for_next_look(stream, ms));
    shot_unref(before);
    if (clients_dismissed(context->clients))
        event_stream_end(stream);
    shots_leave(shots);
}

static void refuse_viewer(struct exchange *x, int status, const char *reason)
{
    response_field(&x->response, "Cache-Control", "no-store");
    response_error(&x->response, status, reason);
}

/* One look, as a whole answer. */
static void send_look(struct exchange *x, struct shots *shots)
{
    struct shot *shot = shots_take(shots, x->context, SHOTS_NEW);

    if (!shot) {
        refuse_viewer(x, 503, "out of memory");
        return;
    }
    response_field(&x->response, "Cache-Control", "no-store");
    response_send(&x->response, 200, "application/json",
                  look_json_object(shot->all));
    shot_unref(shot);
}

/* True if Accept names the type of events. */
static bool wants_events(const struct exchange *x)
{
    struct slice rest = request_field(&x->request, "Accept");

    while (rest.at) {
        struct slice item = slice_cut(&rest, ',');

        if (slice_is_nocase(slice_trim(slice_cut(&item, ';')),
                            "text/event-stream"))
            return true;
    }
    return false;
}

/* Returns false, after it has sent a 403, if the client may not look. */
static bool may_look(struct exchange *x)
{
    const struct settings *settings = &x->context->settings;
    const struct peer peer = peer_of(x->client->fd);
    const struct slice name = x->request.authority;

    if (!settings->classroom && !peer_is_loopback(&peer)) {
        refuse_viewer(x, 403,
                      "only this machine may look at the threads, unless "
                      "crier runs with --classroom");
        return false;
    }
    if (name.len > 0 && !origin_is_our_name(name, settings)) {
        refuse_viewer(x, 403,
                      "this server has another name: see --server-name");
        return false;
    }
    return true;
}

void view_threads(struct exchange *x)
{
    struct shots *shots;

    if (!may_look(x))
        return;
    shots = shots_of(x->context);
    if (!shots || !shots_enter(shots)) {
        response_field(&x->response, "Retry-After", "1");
        refuse_viewer(x, 503, shots ? "too many viewers" : "out of memory");
        return;
    }
    response_field(&x->response, "Vary", "Accept");
    if (!wants_events(x)) {
        send_look(x, shots);
    } else {
        event_stream_start(&x->response);
        if (x->request.method == METHOD_GET) {
            x->afterwards = (struct afterwards){run_view, shots, 0};
            return; /* it stays a viewer */
        }
    }
    shots_leave(shots);
}

/* Ends one turn; with `all`, one after the other until nobody has one. */
static void step(struct exchange *x, bool all)
{
    const struct peer peer = peer_of(x->client->fd);
    const int64_t end = clock_monotonic_ms() + LIMIT_STEPS_MS;
    char who[PEER_SIZE], text[32];
    int steps = 0;

    peer_print(&peer, who);
    while (
        store_step(x->context->store, who, LIMIT_STEP_WAIT_MS, LIMIT_STEP_MS)) {
        steps++;
        if (!all || clock_monotonic_ms() >= end)
            break;
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
