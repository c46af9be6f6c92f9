/*
 * thread_view: see thread_view.h.
 *
 * A viewer is a subscriber like others, who sleeps in store_wait until the next
 * look is due; so a hang-up and a shutdown wake it as they wake those.
 */
#include "thread_view.h"

#include "clock.h"
#include "log.h"
#include "response.h"
#include "subscribe.h"
#include "target.h"
#include "thread_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LOOK_MS = 250, /* between two looks */
    LOOK_FAST_MS = 50,
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

/* When to look again; in slow motion twice a turn. */
static int64_t next_look(const struct view *v)
{
    struct context *context = v->x->context;
    const int slow = store_stats(context->store).slow_ms;
    const double cheap =
        v->cost * 1000 * LOOK_SHARE *
        atomic_load_explicit(&context->viewers, memory_order_relaxed);
    int64_t ms = LOOK_MS;

    if (slow > 0 && slow / 2 < ms)
        ms = slow / 2 > LOOK_FAST_MS ? slow / 2 : LOOK_FAST_MS;
    if (ms < (int64_t)cheap)
        ms = (int64_t)cheap;
    return clock_monotonic_ms() + ms;
}

static int write_event(struct exchange *x, const char *name, const char *data,
                       size_t len)
{
    char head[64];
    struct iovec parts[] = {
        {head, (size_t)snprintf(head, sizeof head,
                                "%s%s%sdata: ", name ? "event: " : "",
                                name ? name : "", name ? "\n" : "")},
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

    client_mark(v->x->client, v->x->client->sent);
    if (!threads_look(&now, before, context, v->directory))
        return -1;
    text = thread_json(&now, before, context, &len);
    if (text)
        result = write_event(v->x, NULL, text, len);
    free(text);
    free(v->before.rows);
    v->before = now;
    if (before)
        v->cost = cpu_seconds() - start;
    return result;
}

/* The messages that came, in one event: how many, and the newest one's id. */
static int write_messages(struct exchange *x, struct store_batch *batch)
{
    char id[EVENT_ID_SIZE], text[EVENT_ID_SIZE + 64];
    size_t len;

    if (batch->count == 0)
        return 0;
    event_id_print(message_id(batch->messages[batch->count - 1]), id);
    len = (size_t)snprintf(text, sizeof text, "{\"id\":\"%s\",\"count\":%zu}",
                           id, batch->count);
    for (size_t i = 0; i < batch->count; i++)
        message_unref(batch->messages[i]);
    return write_event(x, "message", text, len);
}

static void watch(struct view *v, struct subscriber *sub)
{
    struct exchange *x = v->x;
    uint64_t sent = 0;
    int result = write_look(v);
    int64_t due = next_look(v);

    while (result == 0) {
        struct store_batch batch;

        client_mark(x->client, sent);
        switch (store_wait(x->context->store, sub, due, STORE_BATCH, &batch)) {
        case STORE_MESSAGES:
            sent += batch.count;
            client_mark(x->client, sent);
            result = write_messages(x, &batch);
            break;
        case STORE_POKED:
            result = subscribe_heartbeat(x->stream);
            break;
        case STORE_TIMEOUT:
            break;
        case STORE_CLOSED:
            subscribe_come_back(x->stream);
            return;
        }
        if (result == 0 && clock_monotonic_ms() >= due) {
            result = write_look(v);
            due = next_look(v);
        }
    }
}

static void stream_view(struct view *v)
{
    struct exchange *x = v->x;
    struct context *context = x->context;
    struct subscriber *sub = NULL;

    if (x->request.method == METHOD_GET)
        sub = store_subscribe(context->store, NULL);
    response_field(x, "X-Accel-Buffering", "no");
    response_start(x, 200, "text/event-stream", RESPONSE_NO_LENGTH,
                   slice_of("\n"));
    if (x->request.method != METHOD_GET)
        return;
    if (!sub) {
        subscribe_come_back(x->stream);
        return;
    }
    atomic_fetch_add(&context->viewers, 1);
    clients_subscribe(context->clients, x->client, sub);
    if (departures_watch(context->departures, x->stream->fd, sub) < 0)
        log_error("epoll_ctl: %s", strerror(errno));
    watch(v, sub);
    departures_forget(context->departures, x->stream->fd);
    clients_subscribe(context->clients, x->client, NULL);
    atomic_fetch_sub(&context->viewers, 1);
    store_unsubscribe(context->store, sub);
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

void thread_view(struct exchange *x)
{
    const struct peer peer = peer_of(x->stream->fd);
    struct view v = {.x = x};

    response_field(x, "Cache-Control", "no-store");
    if (!x->context->options.classroom && !peer_is_loopback(&peer)) {
        response_error(x, 403,
                       "the threads are shown to this machine alone, unless "
                       "crier runs with --classroom");
        return;
    }
    response_field(x, "Vary", "Accept");
    v.directory = task_open(TASK_DIRECTORY);
    if (wants_events(x))
        stream_view(&v);
    else
        send_view(&v);
    if (v.directory >= 0)
        close(v.directory);
    free(v.before.rows);
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
