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
#include "journal/journal.h"
#include "pages/faults.h"
#include "pages/gap.h"
#include "pages/older.h"
#include "pages/wishes.h"
#include "server/clients.h"
#include "server/event_stream.h"
#include "server/policy.h"
#include "server/retry.h"
#include "server/stack.h"
#include "store/subscribers.h"
#include "store/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
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
static uint64_t deliver(struct context *c, struct client *client,
                        struct stream *stream, const struct afterwards *self)
{
    struct store_batch batch;
    uint64_t left = self->limit;
    int result = 0;

    while (result == 0 && left > 0) {
        size_t max = left < LIMIT_BATCH ? (size_t)left : LIMIT_BATCH;

        client_mark(client, self->limit - left);
        switch (store_wait(c->store, self->data, STORE_FOREVER, max, &batch)) {
        case STORE_MESSAGES:
            result = older_write(c, stream, &batch, &left, write_batch);
            left -= batch.count;
            client_mark(client, self->limit - left);
            /* Also after a failure: a batch must be released. */
            result |= faults_due(c) ? faults_write(c, stream, &batch)
                                    : write_batch(stream, &batch);
            break;
        case STORE_HEARTBEAT:
        case STORE_POKED:
        case STORE_TIMEOUT:
            result = stream_write_chunk(stream, slice_of(":\n\n"));
            break;
        case STORE_CLOSED:
            event_stream_end(stream);
            return self->limit - left;
        }
    }
    if (result == 0)
        stream_end_chunks(stream);
    return self->limit - left;
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
    policy_batch();
    stream_only_sends(stream);
    clients_subscribe(context->clients, client, sub);
    sent = deliver(context, client, stream, self);
    clients_subscribe(context->clients, client, NULL);
    watch_remove(context->watch, stream->fd);
    store_unsubscribe(context->store, sub);
    log_event("subscriber goes after %.3f s, %" PRIu64 " messages",
              clock_seconds() - started, sent);
}

void subscribe_to(struct exchange *x, const char *channel)
{
    struct subscriber *sub;
    struct event_id last;
    struct wishes w;

    if (!wishes_read(&w, &x->request)) {
        response_error(&x->response, 400, "limit must be a positive integer");
        return;
    }
    if (x->request.method == METHOD_HEAD) {
        event_stream_start(&x->response);
        return;
    }
    if (faults_refuse(x))
        return;
    journal_reach(x->context->journal, w.after);
    /* Subscribes before the first byte is sent: a client that has seen the head
     * misses nothing that is published from then on. */
    sub = store_subscribe(x->context->store, channel,
                          w.has_after ? &w.after : NULL, &last);
    if (!sub) {
        event_stream_start_after(&x->response, retry_ms(), last);
        stream_end_chunks(x->response.stream);
        return;
    }
    event_stream_start_after(&x->response, x->context->settings.retry_ms, last);
    wishes_log(&w);
    x->afterwards = (struct afterwards){run_stream, sub, w.limit};
}

void subscribe(struct exchange *x)
{
    subscribe_to(x, "");
}
