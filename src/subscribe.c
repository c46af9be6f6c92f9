/*
 * subscribe: see subscribe.h.
 *
 * The thread blocks in one of two places: in store_wait on its condition
 * variable, or in stream_write on its socket. It never holds a lock or a turn
 * while it writes.
 */
#include "subscribe.h"

#include "clock.h"
#include "log.h"
#include "response.h"
#include "stack.h"
#include "target.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_MESSAGES = 1000000000, /* of ?limit=N */
    RETURN_MS = 1000,           /* clients that are sent away come back after */
    RETURN_SPREAD_MS = 4000     /* so long, and up to so much more */
};

/* What the client asked for. */
struct wishes {
    struct slice last_event_id; /* as sent; at NULL if not at all */
    bool has_after;
    struct event_id after;
    uint64_t limit;
    char parameter[EVENT_ID_MAX + 2]; /* room for one byte too many */
};

static bool read_limit(struct exchange *x, struct wishes *w)
{
    char text[64];

    w->limit = UINT64_MAX;
    if (!target_query(x->request.query, "limit", text, sizeof text))
        return true;
    return slice_number(slice_of(text), MOST_MESSAGES, &w->limit) &&
           w->limit > 0;
}

/* The field wins: an EventSource that reconnects repeats its URL. */
static void read_last_event_id(struct exchange *x, struct wishes *w)
{
    struct slice id = request_field(&x->request, "Last-Event-ID");

    if (!id.at && target_query(x->request.query, "lastEventId", w->parameter,
                               sizeof w->parameter))
        id = slice_of(w->parameter);
    w->last_event_id = id;
    w->has_after = id.at && event_id_parse(id.at, id.len, &w->after);
}

static int write_text(struct stream *stream, const char *text)
{
    struct iovec part = {(char *)(uintptr_t)text, strlen(text)};

    return stream_write(stream, &part, 1);
}

/* At random, so that they do not all come back at once. */
int subscribe_come_back(struct stream *stream)
{
    char text[32];

    snprintf(text, sizeof text, "retry: %" PRIu32 "\n\n",
             RETURN_MS + arc4random_uniform(RETURN_SPREAD_MS + 1));
    return write_text(stream, text);
}

/* All of the batch in one call, straight from the messages' own bytes. */
static int write_batch(struct stream *stream, struct store_batch *batch)
{
    struct iovec parts[1 + STORE_BATCH];
    char gap[MESSAGE_GAP_SIZE];
    int n = 0, result;

    if (batch->gap)
        parts[n++] = (struct iovec){
            gap, message_gap(gap, batch->gap_after,
                             batch->has_oldest ? &batch->oldest : NULL)};
    for (size_t i = 0; i < batch->count; i++) {
        struct slice event = message_event(batch->messages[i]);

        parts[n++] = (struct iovec){(char *)(uintptr_t)event.at, event.len};
    }
    result = stream_write(stream, parts, n);
    for (size_t i = 0; i < batch->count; i++)
        message_unref(batch->messages[i]);
    return result;
}

/* Delivers until the end of the stream; returns the messages sent. */
static uint64_t deliver(struct context *context, struct client *client,
                        struct stream *stream, const struct subscription *s)
{
    uint64_t sent = 0;
    int result = 0;

    while (result == 0 && sent < s->limit) {
        size_t max = s->limit - sent < STORE_BATCH ? (size_t)(s->limit - sent)
                                                   : STORE_BATCH;
        struct store_batch batch;

        client_mark(client, sent);
        switch (
            store_wait(context->store, s->sub, STORE_FOREVER, max, &batch)) {
        case STORE_MESSAGES:
            sent += batch.count;
            client_mark(client, sent);
            result = write_batch(stream, &batch);
            if (batch.gap) /* printing it took a page more */
                stack_shrink();
            break;
        case STORE_HEARTBEAT:
        case STORE_POKED:
        case STORE_TIMEOUT:
            result = write_text(stream, ":\n\n");
            break;
        case STORE_CLOSED:
            subscribe_come_back(stream);
            return sent;
        }
    }
    return sent;
}

/* A thread of this policy does not interrupt the one that wakes it, which may
 * first write to its own socket: 8% less for each delivery. */
static void join_batch(void)
{
    const struct sched_param none = {0};

    pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
}

void subscribe_run(struct context *context, struct client *client,
                   struct stream *stream, const struct subscription *s)
{
    double started = clock_seconds();
    uint64_t sent;

    pthread_setname_np(pthread_self(), "subscriber");
    /* Without it, a departure is noticed at the next write. */
    if (departures_watch(context->departures, stream->fd, s->sub) < 0)
        log_error("epoll_ctl: %s", strerror(errno));
    join_batch();
    clients_subscribe(context->clients, client, s->sub);
    sent = deliver(context, client, stream, s);
    clients_subscribe(context->clients, client, NULL);
    departures_forget(context->departures, stream->fd);
    store_unsubscribe(context->store, s->sub);
    log_event("subscriber goes after %.3f s, %" PRIu64 " messages",
              clock_seconds() - started, sent);
}

static void log_coming(const struct wishes *w)
{
    char id[LOG_TEXT];

    if (w->last_event_id.at)
        log_event("subscriber comes, Last-Event-ID: %s",
                  log_escape(w->last_event_id, id));
    else
        log_event("subscriber comes");
}

void subscribe(struct exchange *x)
{
    struct subscriber *sub = NULL;
    struct wishes w;

    if (!read_limit(x, &w)) {
        response_error(x, 400, "limit must be a whole number from 1 on");
        return;
    }
    read_last_event_id(x, &w);
    /* Subscribed before the first byte is sent: who has seen the head misses
     * nothing that is published from then on. */
    if (x->request.method == METHOD_GET)
        sub = store_subscribe(x->context->store, w.has_after ? &w.after : NULL);
    response_field(x, "Cache-Control", "no-store");
    response_field(x, "X-Accel-Buffering", "no");
    response_start(x, 200, "text/event-stream", RESPONSE_NO_LENGTH,
                   slice_of("\n"));
    if (sub)
        log_coming(&w);
    else if (x->request.method == METHOD_GET)
        subscribe_come_back(x->stream);
    x->subscription = (struct subscription){sub, w.limit};
}
