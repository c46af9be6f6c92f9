/*
 * A histogram of durations in nanoseconds whose buckets grow with the value:
 * any percentile of any number of values, to within 0.4 %, in 64 KiB.
 */
#ifndef CRIER_BENCH_HISTOGRAM_H
#define CRIER_BENCH_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_FINE = 128, /* buckets for each power of two */
    HISTOGRAM_BUCKETS = 58 * HISTOGRAM_FINE
};

/* All zeros is an empty one. */
struct histogram {
    uint64_t count, max;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t ns);

/* The value below which this share (0 to 1) of all values lies, in
 * milliseconds; 0 if there are none. */
double histogram_ms(const struct histogram *h, double share);

#endif
