/*
 * subscribe: see subscribe.h.
 *
 * The thread blocks in one of two places: in store_wait on its condition
 * variable, or in stream_write on its socket. It holds no lock and no turn
 * while it writes.
 */
#include "pages/subscribe.h"

#include "base/clock.h"
#include "base/log.h"
#include "pages/gap.h"
#include "pages/wishes.h"
#include "server/clients.h"
#include "server/retry.h"
#include "server/stack.h"
#include "store/subscribers.h"
#include "store/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

/* Writes the batch in one call, straight from the messages' own bytes. */
static int write_batch(struct stream *stream, struct store_batch *batch)
{
    struct iovec parts[STREAM_CHUNK_PARTS + LIMIT_BATCH];
    char gap[GAP_SIZE], size[STREAM_CHUNK_SIZE];
    int n = 0, result;

    if (batch->gap)
        n = stream_chunk(stream, (struct slice){gap, gap_event(gap, batch)},
                         parts, size);
    for (size_t i = 0; i < batch->count; i++) {
        const struct message *m = batch->messages[i];

        parts[n++] =
            stream_part(stream->chunked ? message_chunk(m) : message_event(m));
    }
    result = stream_write(stream, parts, n);
    store_release(batch);
    if (batch->gap) /* printing it took one more page of the stack */
        stack_shrink();
    return result;
}

/* Delivers until the end of the stream. Returns how many messages it sent. */
static uint64_t deliver(struct context *context, struct client *client,
                        struct stream *stream, struct subscriber *sub,
                        uint64_t limit)
{
    uint64_t sent = 0;
    int result = 0;

    while (result == 0 && sent < limit) {
        size_t max =
            limit - sent < LIMIT_BATCH ? (size_t)(limit - sent) : LIMIT_BATCH;
        struct store_batch batch;

        client_mark(client, sent);
        switch (store_wait(context->store, sub, STORE_FOREVER, max, &batch)) {
        case STORE_MESSAGES:
            sent += batch.count;
            client_mark(client, sent);
            result = write_batch(stream, &batch);
            break;
        case STORE_HEARTBEAT:
        case STORE_POKED:
        case STORE_TIMEOUT:
            result = stream_write_chunk(stream, slice_of(":\n\n"));
            break;
        case STORE_CLOSED:
            retry_stream(stream);
            return sent;
        }
    }
    return sent;
}

/* A thread of this policy does not interrupt the thread that wakes it, so that
 * the waker writes to its own socket first. That makes a delivery cheaper. */
static void join_batch(void)
{
    const struct sched_param none = {0};

    pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
}

/* Runs after the exchange: the stream itself. */
static void run_stream(struct context *context, struct client *client,
                       struct stream *stream, const struct afterwards *self)
{
    struct subscriber *sub = self->data;
    double started = clock_seconds();
    uint64_t sent;

    pthread_setname_np(pthread_self(), "subscriber");
    /* Without it, a client that leaves is noticed at the next write. */
    if (watch_add(context->watch, stream->fd, sub) < 0)
        log_error("epoll_ctl: %s", strerror(errno));
    join_batch();
    clients_subscribe(context->clients, client, sub);
    sent = deliver(context, client, stream, sub, self->limit);
    stream_end_chunks(stream);
    clients_subscribe(context->clients, client, NULL);
    watch_remove(context->watch, stream->fd);
    store_unsubscribe(context->store, sub);
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

/*
 * The beginning of the stream: the demo's empty line, and an event that sets
 * the client's reconnection time and last id, and fires nothing, since it has
 * no data. So a client that loses the line before the first message misses
 * nothing.
 */
static void start_stream(struct exchange *x, int retry, struct event_id last)
{
    char start[EVENT_ID_SIZE + 40], id[EVENT_ID_SIZE];

    event_id_print(last, id);
    snprintf(start, sizeof start, "\nretry: %d\nid: %s\n\n", retry, id);
    response_field(&x->response, "Cache-Control", "no-store, no-transform");
    response_field(&x->response, "X-Accel-Buffering", "no");
    response_start(&x->response, 200, "text/event-stream; charset=utf-8",
                   RESPONSE_NO_LENGTH, slice_of(start));
}

void subscribe(struct exchange *x)
{
    struct store *store = x->context->store;
    struct subscriber *sub = NULL;
    struct event_id last;
    struct wishes w;

    if (!wishes_read(&w, &x->request)) {
        response_error(&x->response, 400, "limit must be a positive integer");
        return;
    }
    if (x->request.method == METHOD_HEAD) {
        start_stream(x, 0, w.after);
        return;
    }
    /* Subscribes before the first byte is sent: a client that has seen the head
     * misses nothing that is published from then on. */
    sub = store_subscribe(store, w.has_after ? &w.after : NULL, &last);
    if (!sub) {
        start_stream(x, retry_ms(), last);
        stream_end_chunks(x->response.stream);
        return;
    }
    start_stream(x, x->context->settings.retry_ms, last);
    log_coming(&w);
    x->afterwards = (struct afterwards){run_stream, sub, w.limit};
}
