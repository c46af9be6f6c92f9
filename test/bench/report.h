/*
 * What bench-load prints: one line of JSON.
 */
#ifndef CRIER_BENCH_REPORT_H
#define CRIER_BENCH_REPORT_H

#include <stdbool.h>

#include "ledger.h"
#include "meter.h"
#include "publishers.h"
#include "subscribers.h"

/* The readings are from before the first subscriber, between warm-up and load,
 * and after it. */
struct report {
    const struct ledger *ledger;
    const struct subscribers *subscribers;
    const struct publishers *publishers;
    struct reading before, begin, after;
    bool has_server; /* a process whose use was read */
};

/* True if nothing was lost, doubled, out of order, and nobody dropped. */
bool report_print(const struct report *r);

#endif
