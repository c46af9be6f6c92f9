/*
 * view: see view.h.
 *
 * A viewer is not a subscriber: in slow motion it would wait for its turn like
 * the others, and see nothing. Between two looks it sleeps in poll(2) on its
 * own socket, as a client that may be hung up.
 */
#include "threads/view.h"

#include "http/target.h"
#include "server/clients.h"
#include "server/event_stream.h"
#include "server/origin.h"
#include "server/peer.h"
#include "store/slow.h"
#include "store/subscribers.h"
#include "threads/look_json.h"
#include "threads/proc.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_MS = 250, /* between two looks */
    LOOK_FAST_MS = 50,
    LOOK_SHARE = 50, /* all looks may take one 50th of the time */
};

/* The first look of a viewer has no `before`. */
struct view {
    struct context *context;
    struct client *client;
    struct stream *stream;
    int directory; /* see proc.h */
    struct look before;
    double cost; /* seconds of CPU that the latest look took; 0 at the first,
                  * for which all threads are new */
};

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* How long to sleep: in slow motion half a turn. */
static int next_look_ms(const struct view *v)
{
    const int slow = store_stats(v->context->store).slow_ms;
    const double cheap =
        v->cost * 1000 * LOOK_SHARE * atomic_load(&v->context->viewers);
    int ms = LOOK_MS;

    if (cheap > LIMIT_LOOK_MS)
        return LIMIT_LOOK_MS;
    if (slow > 0 && slow / 2 < ms)
        ms = slow / 2 > LOOK_FAST_MS ? slow / 2 : LOOK_FAST_MS;
    return ms < (int)cheap ? (int)cheap : ms;
}

/* Looks, and writes what has changed. */
static int write_look(struct view *v)
{
    const double start = cpu_seconds();
    const struct look *before = v->before.rows ? &v->before : NULL;
    struct look now;
    size_t len;
    char *text;
    int result = -1;

    client_mark(v->client, 0);
    if (!look_take(&now, before, v->context, v->directory))
        return -1;
    text = look_json_event(&now, before, v->context, &len);
    if (text)
        result = stream_write_chunk(v->stream, (struct slice){text, len});
    free(text);
    free(v->before.rows);
    v->before = now;
    if (before)
        v->cost = cpu_seconds() - start;
    return result;
}

/* Sleeps until the next look is due. Returns false if the client has left, or
 * the server stops: then it hangs up the interruptible clients. */
static bool wait_for_next_look(const struct view *v)
{
    struct pollfd client = {.fd = v->stream->fd, .events = POLLIN | POLLRDHUP};

    return poll(&client, 1, next_look_ms(v)) == 0;
}

/* Runs after the exchange: the stream of looks. */
static void run_view(struct context *context, struct client *client,
                     struct stream *stream, const struct afterwards *self)
{
    struct view v = {.context = context,
                     .client = client,
                     .stream = stream,
                     .directory = proc_open(PROC_DIRECTORY)};

    (void)self;
    stream_limit_buffers(stream);
    clients_interruptible(context->clients, client);
    while (write_look(&v) == 0 && wait_for_next_look(&v))
        ;
    if (clients_dismissed(context->clients))
        event_stream_end(stream);
    if (v.directory >= 0)
        close(v.directory);
    free(v.before.rows);
    atomic_fetch_sub(&context->viewers, 1);
}

/* One look, as a whole answer. */
static void send_look(struct exchange *x)
{
    const int directory = proc_open(PROC_DIRECTORY);
    struct look now;
    char *text = NULL;
    size_t len;

    if (look_take(&now, NULL, x->context, directory))
        text = look_json_event(&now, NULL, x->context, &len);
    response_field(&x->response, "Cache-Control", "no-store");
    if (text)
        response_send(&x->response, 200, "application/json",
                      look_json_object((struct slice){text, len}));
    else
        response_error(&x->response, 503, "out of memory");
    free(text);
    free(now.rows);
    if (directory >= 0)
        close(directory);
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

static void refuse_viewer(struct exchange *x, int status, const char *reason)
{
    response_field(&x->response, "Cache-Control", "no-store");
    response_error(&x->response, status, reason);
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
    struct context *context = x->context;
    const bool events = wants_events(x);

    if (!may_look(x))
        return;
    if (atomic_fetch_add(&context->viewers, 1) >= LIMIT_VIEWERS) {
        atomic_fetch_sub(&context->viewers, 1);
        response_field(&x->response, "Retry-After", "1");
        refuse_viewer(x, 503, "too many viewers");
        return;
    }
    response_field(&x->response, "Vary", "Accept");
    if (events)
        event_stream_start(&x->response);
    else
        send_look(x);
    if (events && x->request.method == METHOD_GET)
        x->afterwards.run = run_view; /* it stays a viewer */
    else
        atomic_fetch_sub(&context->viewers, 1);
}

void view_slow(struct exchange *x)
{
    char text[32];
    uint64_t ms;

    if (!x->context->settings.classroom) {
        response_error(&x->response, 403, "slow motion needs --classroom");
        return;
    }
    if (!target_query(x->request.query, "ms", text, sizeof text) ||
        !slice_number(slice_of(text), LIMIT_SLOW_MS, &ms)) {
        response_error(&x->response, 400,
                       "ms must be a whole number from 0 to 5000");
        return;
    }
    store_slow(x->context->store, (int)ms);
    snprintf(text, sizeof text, "{\"slow_ms\":%d}", (int)ms);
    response_send(&x->response, 200, "application/json", slice_of(text));
}
