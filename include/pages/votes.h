/*
 * votes: GET and POST /votes: in class, the teacher's page asks a question,
 * phones vote, and all see the votes (ballot.h).
 */
#ifndef CRIER_VOTES_H
#define CRIER_VOTES_H

#include "server/exchange.h"

/*
 * GET sends the state as JSON; or, if Accept is text/event-stream, as an event
 * now and after each change. src/pages/README.md describes it. The votes are
 * told only once they are shown.
 *
 * POST with a body, {"question":"4-1","choice":2,"voter":"32 hex digits"},
 * votes: 409 if that question is not asked, or its answer is shown; 503 if too
 * many others have voted. POST with a query is the teacher's, who is on this
 * machine: ?ask=4-1&choices=3, ?show=votes, ?show=answer, ?show=nothing, ?end;
 * 403 for others, and for everybody with --server-name, since a proxy may stand
 * in front. Both need --classroom.
 */
void votes(struct exchange *x);

#endif
