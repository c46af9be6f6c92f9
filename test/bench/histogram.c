#include "histogram.h"

/* Small values have a bucket each; of others the highest 8 bits count. */
static unsigned bucket_of(uint64_t ns)
{
    if (ns < HISTOGRAM_FINE)
        return (unsigned)ns;
    unsigned shift = 56 - (unsigned)__builtin_clzll(ns);
    return shift * HISTOGRAM_FINE + (unsigned)(ns >> shift);
}

static double middle_of(unsigned bucket)
{
    if (bucket < 2 * HISTOGRAM_FINE)
        return bucket;
    unsigned shift = bucket / HISTOGRAM_FINE - 1;
    uint64_t high = bucket % HISTOGRAM_FINE + HISTOGRAM_FINE;
    return ((double)high + 0.5) * (double)(1ull << shift);
}

void histogram_add(struct histogram *h, uint64_t ns)
{
    h->count++;
    h->buckets[bucket_of(ns)]++;
    if (ns > h->max)
        h->max = ns;
}

double histogram_ms(const struct histogram *h, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)h->count), seen = 0;
    double value = 0, max = (double)h->max;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS && seen <= wanted; i++) {
        seen += h->buckets[i];
        value = middle_of(i);
    }
    return (value < max ? value : max) / 1e6;
}
