/*
 * status: GET /healthz and GET /metrics, the house in figures.
 */
#ifndef CRIER_STATUS_H
#define CRIER_STATUS_H

#include "exchange.h"

/* A JSON object, for scripts that wait for a state. */
void status_healthz(struct exchange *x);

/* The same and more in Prometheus' text format, version 0.0.4. */
void status_metrics(struct exchange *x);

#endif
