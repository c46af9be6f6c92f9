/*
 * timeline: GET /timeline, what the threads of the store did lately.
 */
#ifndef CRIER_TIMELINE_H
#define CRIER_TIMELINE_H

#include "server/exchange.h"

/*
 * Sends the steps that are kept as JSON (timeline_json.h); or, if Accept is
 * text/event-stream, as events: the first has all steps, each that follows has
 * those that have come since. ?format=chrome: all, as a trace for Chrome and
 * Perfetto (chrome.h); 400 for another format.
 *
 * Who may look, and how often, is as for GET /threads. The store keeps steps
 * while anybody looks at these or those, and for LIMIT_TRACE_MS after that. So
 * the first answer may be empty.
 */
void timeline(struct exchange *x);

#endif
