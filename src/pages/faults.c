/* faults: see faults.h. */
#include "pages/faults.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/reset.h"
#include "pages/gap.h"
#include "server/clients.h"
#include "server/event_stream.h"
#include "server/forwarded.h"
#include "server/retry.h"
#include "store/store.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { STALL_MS = 5000, BYTE_MS = 1 };

static const char *const names[CONTEXT_FAULTS + 1] = {[FAULT_DROP] = "drop",
                                                      [FAULT_RESET] = "reset",
                                                      [FAULT_STALL] = "stall",
                                                      [FAULT_SPLIT] = "split",
                                                      [FAULT_REFUSE] =
                                                          "refuse"};

const char *faults_name(int fault)
{
    return names[fault];
}

/* 0 is the start. */
static unsigned stall_ms(struct context *c)
{
    const unsigned ms = atomic_load(&c->faults_ms);

    return ms ? ms : STALL_MS;
}

/* ---- strike ----------------------------------------------------------- */

bool faults_due(struct context *c)
{
    unsigned left = 0;

    for (int i = 0; i < FAULT_REFUSE; i++)
        left |= atomic_load_explicit(&c->faults_left[i], memory_order_relaxed);
    return left > 0;
}

/* True if this fault strikes; then it is one less. */
static bool take(struct context *c, enum fault fault)
{
    unsigned left = atomic_load(&c->faults_left[fault]);

    while (left > 0 && !atomic_compare_exchange_weak(&c->faults_left[fault],
                                                     &left, left - 1))
        continue;
    if (left == 0)
        return false;
    atomic_fetch_add(&c->faults_done[fault], 1);
    log_event("fault on purpose: %s", names[fault]);
    return true;
}

bool faults_refuse(struct exchange *x)
{
    if (!take(x->context, FAULT_REFUSE))
        return false;
    retry_field(&x->response);
    response_error(&x->response, 503, "a fault on purpose: see /faults");
    return true;
}

static int write_event(struct stream *stream, struct slice event, bool split)
{
    int result = 0;

    if (!split)
        return stream_write_chunk(stream, event);
    for (size_t i = 0; result == 0 && i < event.len; i++) {
        result = stream_write_chunk(stream, (struct slice){event.at + i, 1});
        poll(NULL, 0, BYTE_MS);
    }
    return result;
}

static int write_batch(struct stream *stream, const struct store_batch *batch,
                       bool split)
{
    char gap[GAP_SIZE];
    int result = 0;

    if (batch->gap)
        result = write_event(stream, (struct slice){gap, gap_event(gap, batch)},
                             split);
    for (size_t i = 0; result == 0 && i < batch->count; i++)
        result = write_event(stream, message_event(batch->messages[i]), split);
    return result;
}

int faults_write(struct context *c, struct stream *stream,
                 struct store_batch *batch)
{
    int result = -1;

    if (take(c, FAULT_RESET)) {
        reset_connection(stream);
    } else if (!take(c, FAULT_DROP)) {
        if (take(c, FAULT_STALL))
            event_stream_pause(stream, c->clients, clock_deadline(stall_ms(c)),
                               false);
        result = write_batch(stream, batch, take(c, FAULT_SPLIT));
    }
    store_release(batch);
    return result;
}

/* ---- /faults ---------------------------------------------------------- */

/* What a query wants. */
struct wanted {
    uint64_t left[CONTEXT_FAULTS];
    uint64_t ms;
};

static bool read_parameter(struct slice parameter, struct wanted *w)
{
    struct slice value = parameter;
    const struct slice name = slice_cut(&value, '=');

    for (int i = 0; names[i]; i++)
        if (slice_is(name, names[i]))
            return slice_number(value, LIMIT_FAULTS, &w->left[i]);
    return slice_is(name, "ms") && slice_number(value, LIMIT_PLAY_MS, &w->ms);
}

static bool read_query(struct slice query, struct wanted *w)
{
    *w = (struct wanted){.ms = STALL_MS};
    while (query.len > 0)
        if (!read_parameter(slice_cut(&query, '&'), w))
            return false;
    return true;
}

static void arm(struct context *c, const struct wanted *w)
{
    atomic_store(&c->faults_ms, (unsigned)w->ms);
    for (int i = 0; i < CONTEXT_FAULTS; i++)
        atomic_store(&c->faults_left[i], (unsigned)w->left[i]);
}

static bool may_ask(const struct exchange *x)
{
    const struct settings *settings = &x->context->settings;
    const struct peer peer = forwarded_peer(x);

    return settings->classroom || (!settings->named && peer_is_loopback(&peer));
}

static void send_left(struct exchange *x)
{
    char text[256] = "{";
    size_t len = 1;

    for (int i = 0; names[i]; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "\"%s\":%u,",
                                names[i],
                                atomic_load(&x->context->faults_left[i]));
    len += (size_t)snprintf(text + len, sizeof text - len, "\"ms\":%u}",
                            stall_ms(x->context));
    response_send(&x->response, 200, "application/json",
                  (struct slice){text, len});
}

void faults(struct exchange *x)
{
    struct wanted wanted;

    response_field(&x->response, "Cache-Control", "no-store");
    if (!may_ask(x)) {
        response_error(&x->response, 403,
                       "only this machine may ask for faults, or everybody "
                       "with --classroom; with --server-name only the latter");
        return;
    }
    if (x->request.method == METHOD_POST) {
        if (!read_query(x->request.query, &wanted)) {
            response_error(&x->response, 400,
                           "write drop=N, reset=N, stall=N, split=N or "
                           "refuse=N, N from 0 to 1000, and ms=N for a stall");
            return;
        }
        arm(x->context, &wanted);
    }
    send_left(x);
}
