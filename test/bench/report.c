#include "report.h"

#include <stdio.h>

static double share(double amount, double of)
{
    return of > 0 ? amount / of : 0;
}

static void print_times(const struct report *r)
{
    const struct ledger *g = r->ledger;
    const struct histogram *replies = &r->publishers->replies;
    uint64_t first = g->messages[g->warmup].sent_ns;
    double elapsed =
        g->last_ns > first ? (double)(g->last_ns - first) / 1e9 : 0;
    double own = (double)(r->after.own_cpu_ns - r->begin.own_cpu_ns) / 1e9;
    printf("\"deliveries\":%llu,\"seconds\":%.3f,\"deliveries_per_s\":%.0f,",
           (unsigned long long)g->delivery.count, elapsed,
           share((double)g->delivery.count, elapsed));
    printf("\"delivery_ms\":{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f},",
           histogram_ms(&g->delivery, 0.5), histogram_ms(&g->delivery, 0.99),
           histogram_ms(&g->delivery, 1));
    printf("\"complete_ms\":{\"p50\":%.3f,\"p99\":%.3f},",
           histogram_ms(&g->complete, 0.5), histogram_ms(&g->complete, 0.99));
    printf("\"publish_ms\":{\"p50\":%.3f,\"p99\":%.3f},",
           histogram_ms(replies, 0.5), histogram_ms(replies, 0.99));
    printf("\"generator_cores\":%.2f,", share(own, elapsed));
}

static void print_processor(const struct report *r)
{
    double deliveries = (double)r->ledger->delivery.count;
    double cpu_us = (double)(r->after.cpu_ns - r->begin.cpu_ns) / 1e3;
    uint64_t voluntary = r->after.voluntary - r->begin.voluntary;
    uint64_t involuntary = r->after.involuntary - r->begin.involuntary;
    printf("\"cpu_ms\":%.1f,\"cpu_us_per_delivery\":%.3f,", cpu_us / 1e3,
           share(cpu_us, deliveries));
    printf("\"voluntary_switches\":%llu,\"involuntary_switches\":%llu,",
           (unsigned long long)voluntary, (unsigned long long)involuntary);
    printf("\"switches_per_delivery\":%.3f,",
           share((double)(voluntary + involuntary), deliveries));
}

/* The kernel's share is what is missing in MemAvailable beyond what the
 * processes themselves have grown by: sockets of both ends, and threads. */
static void print_memory(const struct report *r)
{
    const struct reading *before = &r->before, *after = &r->after;
    double subscribers = r->ledger->subscribers;
    long grown = after->resident_kib - before->resident_kib;
    long kernel = before->available_kib - after->available_kib - grown -
                  (after->own_kib - before->own_kib);
    printf("\"resident_kib_per_subscriber\":%.2f,",
           (double)grown / subscribers);
    printf("\"kernel_kib_per_subscriber\":%.2f,", (double)kernel / subscribers);
}

bool report_print(const struct report *r)
{
    const struct ledger *g = r->ledger;
    uint64_t expected = ledger_deliveries(g, g->capacity);
    uint64_t lost = expected - g->delivered;
    unsigned gone = r->subscribers->gone;
    printf("{\"subscribers\":%u,\"messages\":%u,", g->subscribers,
           g->capacity - g->warmup);
    print_times(r);
    if (r->has_server) {
        print_processor(r);
        print_memory(r);
    }
    printf("\"gone\":%u,\"lost\":%llu,\"duplicated\":%llu,"
           "\"reordered\":%llu}\n",
           gone, (unsigned long long)lost, (unsigned long long)g->duplicated,
           (unsigned long long)g->reordered);
    return gone == 0 && lost == 0 && g->duplicated == 0 && g->reordered == 0;
}
