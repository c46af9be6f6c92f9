/*
 * thread_view: see thread_view.h.
 *
 * A viewer is no subscriber: in slow motion it would wait for its turn like the
 * others, and see nothing. Between two looks it sleeps in poll(2) on its own
 * socket, as a client that may be hung up.
 */
#include "thread_view.h"

#include "origin.h"
#include "response.h"
#include "subscribe.h"
#include "target.h"
#include "thread_json.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_MS = 250, /* between two looks */
    LOOK_FAST_MS = 50,
    LOOK_MAX_MS = 10000,
    LOOK_SHARE = 50, /* a look may take one so-manyth of the time */
};

/* The first look of a viewer has no `before`. */
struct view {
    struct exchange *x;
    int directory;
    struct threads before;
    double cost; /* seconds of CPU that the latest look took; the first, which
                  * finds all threads new, is free */
};

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* How long to sleep; in slow motion half a turn. */
static int next_look_ms(const struct view *v)
{
    struct context *context = v->x->context;
    const int slow = store_stats(context->store).slow_ms;
    const double cheap =
        v->cost * 1000 * LOOK_SHARE *
        atomic_load_explicit(&context->viewers, memory_order_relaxed);
    int ms = LOOK_MS;

    if (cheap > LOOK_MAX_MS)
        return LOOK_MAX_MS;
    if (slow > 0 && slow / 2 < ms)
        ms = slow / 2 > LOOK_FAST_MS ? slow / 2 : LOOK_FAST_MS;
    return ms < (int)cheap ? (int)cheap : ms;
}

static int write_event(struct exchange *x, const char *data, size_t len)
{
    struct iovec parts[] = {
        {(char *)(uintptr_t) "data: ", strlen("data: ")},
        {(char *)(uintptr_t)data, len},
        {(char *)(uintptr_t) "\n\n", 2},
    };

    return stream_write(x->stream, parts, 3);
}

/* Looks, and writes what has changed. */
static int write_look(struct view *v)
{
    const double start = cpu_seconds();
    const struct threads *before = v->before.rows ? &v->before : NULL;
    struct context *context = v->x->context;
    struct threads now;
    size_t len;
    char *text;
    int result = -1;

    client_mark(v->x->client, 0);
    if (!threads_look(&now, before, context, v->directory))
        return -1;
    text = thread_json(&now, before, context, &len);
    if (text)
        result = write_event(v->x, text, len);
    free(text);
    free(v->before.rows);
    v->before = now;
    if (before)
        v->cost = cpu_seconds() - start;
    return result;
}

/* Sleeps until the next look is due; false if the client has gone, or the house
 * closes, which hangs up the idle. */
static bool wait_for_next_look(const struct view *v)
{
    struct pollfd client = {.fd = v->x->stream->fd,
                            .events = POLLIN | POLLRDHUP};

    return poll(&client, 1, next_look_ms(v)) == 0;
}

static void stream_view(struct view *v)
{
    struct exchange *x = v->x;
    struct context *context = x->context;

    response_field(x, "X-Accel-Buffering", "no");
    response_start(x, 200, "text/event-stream", RESPONSE_NO_LENGTH,
                   slice_of("\n"));
    if (x->request.method != METHOD_GET)
        return;
    clients_idle(context->clients, x->client);
    while (write_look(v) == 0 && wait_for_next_look(v))
        ;
    if (clients_dismissed(context->clients))
        subscribe_come_back(x->stream);
}

static void send_view(struct view *v)
{
    struct exchange *x = v->x;
    char *text = NULL;
    size_t len;

    if (threads_look(&v->before, NULL, x->context, v->directory))
        text = thread_json(&v->before, NULL, x->context, &len);
    if (text)
        response_send(x, 200, "application/json", (struct slice){text, len});
    else
        response_error(x, 503, "out of memory");
    free(text);
}

/* Is one of the types in Accept that of events? */
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

static void show(struct exchange *x)
{
    struct view v = {.x = x, .directory = task_open(TASK_DIRECTORY)};

    response_field(x, "Vary", "Accept");
    if (wants_events(x))
        stream_view(&v);
    else
        send_view(&v);
    if (v.directory >= 0)
        close(v.directory);
    free(v.before.rows);
}

void thread_view(struct exchange *x)
{
    struct context *context = x->context;
    const struct peer peer = peer_of(x->stream->fd);
    const struct slice name = x->request.authority;

    response_field(x, "Cache-Control", "no-store");
    if (!context->options.classroom && !peer_is_loopback(&peer)) {
        response_error(x, 403,
                       "the threads are shown to this machine alone, unless "
                       "crier runs with --classroom");
        return;
    }
    if (name.len > 0 && !origin_is_our_name(name, &context->options)) {
        response_error(x, 403,
                       "this server has another name: see --server-name");
        return;
    }
    if (atomic_fetch_add(&context->viewers, 1) < LIMIT_VIEWERS) {
        show(x);
    } else {
        response_field(x, "Retry-After", "1");
        response_error(x, 503, "too many look on already");
    }
    atomic_fetch_sub(&context->viewers, 1);
}

void thread_view_slow(struct exchange *x)
{
    char text[32];
    uint64_t ms;

    if (!x->context->options.classroom) {
        response_error(x, 403, "slow motion needs --classroom");
        return;
    }
    if (!target_query(x->request.query, "ms", text, sizeof text) ||
        !slice_number(slice_of(text), LIMIT_SLOW_MS, &ms)) {
        response_error(x, 400, "ms must be a whole number from 0 to 5000");
        return;
    }
    store_slow(x->context->store, (int)ms);
    snprintf(text, sizeof text, "{\"slow_ms\":%d}", (int)ms);
    response_send(x, 200, "application/json", slice_of(text));
}
