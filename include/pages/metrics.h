/*
 * metrics: GET /healthz and GET /metrics, the state of the server in figures.
 */
#ifndef CRIER_METRICS_H
#define CRIER_METRICS_H

#include "server/exchange.h"

/* A JSON object, for scripts that wait for a state. */
void metrics_health(struct exchange *x);

/* The same and more in Prometheus' text format, version 0.0.4. */
void metrics(struct exchange *x);

#endif
