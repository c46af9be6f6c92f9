/* metrics: see metrics.h. */
#include "pages/metrics.h"

#include "base/clock.h"
#include "pages/faults.h"
#include "server/clients.h"
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

void metrics_health(struct exchange *x)
{
    struct store_stats store = store_stats(x->context->store);
    struct clients_stats clients = clients_stats(x->context->clients);
    char text[256];
    json_t *json = json_pack(
        "{s:s, s:I, s:I, s:I, s:I}", "status", "ok", "subscribers",
        (json_int_t)store.subscribers, "clients", (json_int_t)clients.connected,
        "messages", (json_int_t)store.published, "uptime_s",
        (json_int_t)uptime_seconds(x->context));
    size_t len = json_dumpb(json, text, sizeof text, JSON_COMPACT);

    json_decref(json);
    response_field(&x->response, "Cache-Control", "no-store");
    response_send(&x->response, 200, "application/json",
                  (struct slice){text, len});
}

/* The text that is being printed, which has room for all of it. */
struct text {
    size_t len;
    char bytes[4096];
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

static void print_metrics(struct text *t, struct context *context)
{
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
    print_answers(t, context);
    print_faults(t, context);
}

void metrics(struct exchange *x)
{
    struct text text = {.len = 0};

    print_metrics(&text, x->context);
    response_field(&x->response, "Cache-Control", "no-store");
    response_send(&x->response, 200, "text/plain; version=0.0.4; charset=utf-8",
                  (struct slice){text.bytes, text.len});
}
