/*
 * clock: the two clocks.
 *
 * The real-time clock dates messages and may be set back at any moment; every
 * deadline is therefore on the monotonic clock. Any thread may call these.
 */
#ifndef CRIER_CLOCK_H
#define CRIER_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Milliseconds since the epoch (CLOCK_REALTIME). */
int64_t clock_realtime_ms(void);

/* Milliseconds since some fixed moment (CLOCK_MONOTONIC). */
int64_t clock_monotonic_ms(void);

/* The same as of the latest tick, up to 10 ms ago, which is cheaper to read. */
int64_t clock_coarse_ms(void);

/* The same in seconds, for measuring how long something took. */
double clock_seconds(void);

/* The moment in ms milliseconds on the monotonic clock, rounded up: whoever
 * sleeps until then has slept no less. */
int64_t clock_deadline(int64_t ms);

/* A moment on either clock as pthread_cond_timedwait wants it. */
struct timespec clock_timespec(int64_t ms);

#endif
