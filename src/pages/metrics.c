/* metrics: see metrics.h. */
#include "pages/metrics.h"

#include "base/clock.h"
#include "http/target.h"
#include "journal/journal.h"
#include "pages/faults.h"
#include "server/clients.h"
#include "server/origin.h"
#include "server/retry.h"
#include "store/inspect.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

static int64_t uptime_seconds(const struct context *context)
{
    return (clock_monotonic_ms() - context->started) / 1000;
}

/* A load balancer asks with ?ready, and sends publishers elsewhere. */
static bool is_asked_for_more(const struct exchange *x)
{
    char text[8];

    return target_query(x->request.query, "ready", text, sizeof text);
}

void metrics_health(struct exchange *x)
{
    struct journal_stats journal = journal_stats(x->context->journal);
    struct store_stats store = store_stats(x->context->store);
    struct clients_stats clients = clients_stats(x->context->clients);
    char text[256];
    json_t *json = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:s*}", "status", "ok", "subscribers",
        (json_int_t)store.subscribers, "clients", (json_int_t)clients.connected,
        "messages", (json_int_t)store.published, "uptime_s",
        (json_int_t)uptime_seconds(x->context), "journal",
        !journal.kept  ? NULL
        : journal.down ? "down"
                       : "ok");
    size_t len = json_dumpb(json, text, sizeof text, JSON_COMPACT);
    int status = journal.down && is_asked_for_more(x) ? 503 : 200;

    json_decref(json);
    if (len == 0) {
        response_error(&x->response, 503, "out of memory");
        return;
    }
    response_field(&x->response, "Cache-Control", "no-store");
    if (status == 503)
        retry_field(&x->response);
    response_send(&x->response, status, "application/json",
                  (struct slice){text, len});
}

/* The text that is being printed, which has room for all of it. */
struct text {
    size_t len;
    char bytes[40 * 1024];
};

static void print(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void print(struct text *t, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    t->len += (size_t)vsnprintf(t->bytes + t->len, sizeof t->bytes - t->len,
                                format, values);
    va_end(values);
    assert(t->len < sizeof t->bytes);
}

static void print_metric(struct text *t, const char *name, const char *type,
                         const char *help, uint64_t value)
{
    print(t, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, help, name,
          type, name, value);
}

static void print_answers(struct text *t, struct context *context)
{
    print(t, "# HELP crier_requests_total Requests answered, by the class of "
             "the status.\n# TYPE crier_requests_total counter\n");
    for (int i = 2; i < CONTEXT_CLASSES; i++)
        print(t, "crier_requests_total{code=\"%dxx\"} %llu\n", i,
              atomic_load_explicit(&context->answers[i], memory_order_relaxed));
}

static void print_journal(struct text *t, struct context *context)
{
    const struct journal_stats stats = journal_stats(context->journal);

    if (!stats.kept)
        return;
    print_metric(t, "crier_journal_up", "gauge",
                 "1 if messages can be kept, else 0.", !stats.down);
    print_metric(t, "crier_journal_waiting", "gauge",
                 "Publishers that wait for the journal now.",
                 stats.waiting + stats.batch);
    print_metric(t, "crier_journal_messages_total", "counter",
                 "Messages kept since the start.", stats.messages);
    print_metric(t, "crier_journal_batches_total", "counter",
                 "Transactions tried since the start.", stats.batches);
    print_metric(t, "crier_journal_repeats_total", "counter",
                 "Posts whose Idempotency-Key was known.", stats.repeats);
    print_metric(t, "crier_journal_refused_total", "counter",
                 "Messages that were not kept, or perhaps not.", stats.refused);
    print_metric(t, "crier_journal_unclear_total", "counter",
                 "Messages that were perhaps not kept.", stats.unclear);
    print_metric(t, "crier_journal_pages_total", "counter",
                 "Pages of older messages that were read.", stats.pages);
}

/*
 * Anybody can make channels, and a monitor keeps each name for ever: so only
 * those that have been there longest have their names in here. What a page may
 * not hear, it may not read here either.
 */
static void print_channels(struct text *t, struct exchange *x)
{
    struct store_channel channels[LIMIT_METRICS_CHANNELS];
    size_t n = 0;

    if (!origin_is_rebound(&x->request, &x->context->settings))
        n = store_channels(x->context->store, channels, LIMIT_METRICS_CHANNELS);
    print(t, "# HELP crier_channel_subscribers Subscribers of a channel now.\n"
             "# TYPE crier_channel_subscribers gauge\n");
    for (size_t i = 0; i < n; i++)
        print(t, "crier_channel_subscribers{channel=\"%s\"} %zu\n",
              channels[i].name, channels[i].subscribers);
    print(t, "# HELP crier_channel_messages_total Messages published in a "
             "channel since it came.\n"
             "# TYPE crier_channel_messages_total counter\n");
    for (size_t i = 0; i < n; i++)
        print(t, "crier_channel_messages_total{channel=\"%s\"} %" PRIu64 "\n",
              channels[i].name, channels[i].published);
}

static void print_faults(struct text *t, struct context *context)
{
    print(t, "# HELP crier_faults_left Streams that a fault on purpose will "
             "strike.\n# TYPE crier_faults_left gauge\n");
    for (int i = 0; faults_name(i); i++)
        print(t, "crier_faults_left{kind=\"%s\"} %u\n", faults_name(i),
              atomic_load(&context->faults_left[i]));
    print(t, "# HELP crier_faults_total Faults on purpose that have struck.\n"
             "# TYPE crier_faults_total counter\n");
    for (int i = 0; faults_name(i); i++)
        print(t, "crier_faults_total{kind=\"%s\"} %llu\n", faults_name(i),
              atomic_load(&context->faults_done[i]));
}

static void print_metrics(struct text *t, struct exchange *x)
{
    struct context *context = x->context;
    struct store_stats store = store_stats(context->store);
    struct clients_stats clients = clients_stats(context->clients);

    print_metric(t, "crier_subscribers", "gauge", "Subscribers connected now.",
                 store.subscribers);
    print_metric(t, "crier_clients", "gauge", "Connections open now.",
                 clients.connected);
    print_metric(t, "crier_messages_total", "counter",
                 "Messages published since the start.", store.published);
    print_metric(t, "crier_uptime_seconds", "gauge", "Seconds since the start.",
                 (uint64_t)uptime_seconds(context));
    print_metric(t, "crier_deliveries_total", "counter",
                 "Messages handed to subscribers.", store.deliveries);
    print_metric(t, "crier_gaps_total", "counter",
                 "Times that a subscriber was told of a gap.", store.gaps);
    print_metric(t, "crier_history_messages", "gauge", "Messages retained now.",
                 store.retained);
    print_metric(t, "crier_connections_total", "counter",
                 "Connections accepted.", clients.accepted);
    print_metric(t, "crier_connections_refused_total", "counter",
                 "Connections turned away.", clients.refused);
    print_metric(t, "crier_subscribers_refused_total", "counter",
                 "Subscribers sent away to come back later.", store.refused);
    print_metric(t, "crier_channels", "gauge", "Channels with a name now.",
                 store.channels);
    print_metric(t, "crier_channels_removed_total", "counter",
                 "Channels that have gone.", store.channels_removed);
    print_channels(t, x);
    print_answers(t, context);
    print_journal(t, context);
    print_faults(t, context);
}

void metrics(struct exchange *x)
{
    struct text text;

    text.len = 0; /* and not all of it: pages of the stack */
    print_metrics(&text, x);
    response_field(&x->response, "Cache-Control", "no-store");
    response_send(&x->response, 200, "text/plain; version=0.0.4; charset=utf-8",
                  (struct slice){text.bytes, text.len});
}
