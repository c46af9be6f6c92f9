/*
 * viewer: see viewer.h.
 *
 * A viewer is not a subscriber: in slow motion it would wait for its turn like
 * the others, and see nothing.
 */
#include "threads/viewer.h"

#include "base/clock.h"
#include "server/clients.h"
#include "server/event_stream.h"
#include "server/forwarded.h"
#include "server/origin.h"
#include "store/experiment.h"
#include "store/inspect.h"

#include <string.h>

enum {
    LOOK_MS = 250, /* between two looks */
    LOOK_FAST_MS = 50,
};

#define EVENT_START "data: "
#define EVENT_END   "\n\n"

void viewer_refuse(struct exchange *x, int status, const char *reason)
{
    response_field(&x->response, "Cache-Control", "no-store");
    response_error(&x->response, status, reason);
}

/* Returns false, after it has sent a 403, if the client may not look. */
static bool may_look(struct exchange *x)
{
    const struct settings *settings = &x->context->settings;
    const struct peer peer = forwarded_peer(x);
    const struct slice name = x->request.authority;

    if (!settings->classroom && !peer_is_loopback(&peer)) {
        viewer_refuse(x, 403,
                      "only this machine may look at the threads, unless "
                      "crier runs with --classroom");
        return false;
    }
    if (name.len > 0 && !origin_is_our_name(name, settings)) {
        viewer_refuse(x, 403,
                      "this server has another name: see --server-name");
        return false;
    }
    return true;
}

struct gallery *viewer_enter(struct exchange *x)
{
    struct gallery *g;
    bool memory;

    if (!may_look(x))
        return NULL;
    g = gallery_of(x->context);
    memory = g && gallery_keep(x->context) == 0;
    if (memory && gallery_enter(g))
        return g;
    response_field(&x->response, "Retry-After", "1");
    viewer_refuse(x, 503, memory ? "too many viewers" : "out of memory");
    return NULL;
}

void viewer_send(struct exchange *x, struct slice json)
{
    if (!json.at) {
        viewer_refuse(x, 503, "out of memory");
        return;
    }
    response_field(&x->response, "Cache-Control", "no-store");
    response_send(&x->response, 200, "application/json", json);
}

/* The JSON object that is the data of an event. */
static struct slice object_of(struct slice event)
{
    if (!event.at)
        return event;
    return (struct slice){event.at + strlen(EVENT_START),
                          event.len - strlen(EVENT_START EVENT_END)};
}

void viewer_send_look(struct exchange *x, struct shared *shared,
                      const struct shared_kind *kind)
{
    struct shared_look *look =
        shared_take(shared, kind, x->context, SHARED_NEW);
    struct slice all = {NULL, 0};

    if (look)
        all = kind->all(look, x->context);
    viewer_send(x, object_of(all));
    shared_unref(look);
}

void viewer_stream(struct exchange *x, struct gallery *g,
                   void (*run)(struct context *context, struct client *client,
                               struct stream *stream,
                               const struct afterwards *self))
{
    event_stream_start(&x->response);
    if (x->request.method == METHOD_GET)
        x->afterwards = (struct afterwards){run, g, 0};
    else
        gallery_leave(g);
}

static int write_all(struct stream *stream, struct context *context,
                     struct shared_look *look)
{
    const struct slice event = look->kind->all(look, context);

    return event.at ? stream_write_chunk(stream, event) : -1;
}

/* How long to sleep: in slow motion half a turn. */
static int next_look_ms(struct store *store)
{
    const int slow = store_held(store) ? 0 : store_stats(store).slow_ms;

    if (slow == 0 || slow / 2 > LOOK_MS)
        return LOOK_MS;
    return slow / 2 > LOOK_FAST_MS ? slow / 2 : LOOK_FAST_MS;
}

void viewer_run(struct context *context, struct client *client,
                struct stream *stream, struct shared *shared,
                const struct shared_kind *kind,
                int (*write)(struct stream *stream, struct context *context,
                             struct shared_look *now,
                             const struct shared_look *before))
{
    struct shared_look *before = NULL, *now;
    int result = 0, ms;

    stream_only_sends(stream);
    clients_interruptible(context->clients, client);
    do {
        ms = next_look_ms(context->store);
        client_mark(client, 0);
        gallery_keep(context);
        now = shared_take(shared, kind, context, ms / 2);
        if (now && !before)
            result = write_all(stream, context, now);
        else if (now && now->number != before->number)
            result = write(stream, context, now, before);
        shared_unref(before);
        before = now;
    } while (now && result == 0 &&
             event_stream_pause(stream, context->clients, clock_deadline(ms),
                                true) == PAUSE_OVER);
    shared_unref(before);
    if (clients_dismissed(context->clients))
        event_stream_end(stream);
    gallery_leave(gallery_of(context));
}
