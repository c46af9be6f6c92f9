/*
 * rate: how many posts an address may make.
 *
 * Each address may make N posts a second, and as many at once as belong to
 * LIMIT_RATE_BURST_MS. There is one number for each address: the time at which
 * its posts would be paid for, if each costs 1/N second. A post is too early if
 * that time is too far away. (This is the token bucket, also known as GCRA.)
 *
 * Threads: one mutex guards the addresses. It is a leaf.
 */
#ifndef CRIER_RATE_H
#define CRIER_RATE_H

#include <netinet/in.h>
#include <stdint.h>

struct rate;

/* N is per_second, at least 1. NULL if memory runs out. */
struct rate *rate_new(int per_second);

void rate_free(struct rate *r);

/*
 * A post from this address at this time, in ms on the monotonic clock. Returns
 * 0 if it may be made; otherwise after how many ms it may. The addresses of one
 * IPv6 network (/64) count as one, since a client may take any of them. If
 * there are more than LIMIT_RATE_ADDRESSES, the one that is paid for first is
 * forgotten.
 */
int64_t rate_take(struct rate *r, struct in6_addr address, int64_t now);

#endif
