/*
 * access_log: the line of the log that says how a request was answered.
 */
#ifndef CRIER_ACCESS_LOG_H
#define CRIER_ACCESS_LOG_H

#include "server/exchange.h"

/* `sent` is in bytes; `started` is a time of clock_seconds. */
void access_log(const struct exchange *x, uint64_t sent, double started);

#endif
