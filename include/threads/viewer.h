/*
 * viewer: who may look at the threads, and the stream that a viewer gets.
 */
#ifndef CRIER_VIEWER_H
#define CRIER_VIEWER_H

#include "server/exchange.h"
#include "threads/gallery.h"

/*
 * Adds a viewer, or sends the refusal and returns NULL: 403 for a client on
 * another machine, unless --classroom allows it, and for a request that names
 * the server by a foreign name (origin.h); 503 if there are LIMIT_VIEWERS
 * viewers already. The caller ends it by gallery_leave.
 */
struct gallery *viewer_enter(struct exchange *x);

/* Sends an error that no cache keeps. */
void viewer_refuse(struct exchange *x, int status, const char *reason);

/* Sends JSON, or 503 if it is empty since memory ran out. */
void viewer_send(struct exchange *x, struct slice json);

/* Sends a new look, all of it, as JSON. */
void viewer_send_look(struct exchange *x, struct shared *shared,
                      const struct shared_kind *kind);

/* Begins a stream, which `run` goes on with by viewer_run; HEAD only begins it.
 * Either ends the viewer. */
void viewer_stream(struct exchange *x, struct gallery *g,
                   void (*run)(struct context *context, struct client *client,
                               struct stream *stream,
                               const struct afterwards *self));

/* Writes all of a look, and then what is new in each, until the client has
 * left, and ends the viewer. `write` writes that; -1 if the connection broke.
 */
void viewer_run(struct context *context, struct client *client,
                struct stream *stream, struct shared *shared,
                const struct shared_kind *kind,
                int (*write)(struct stream *stream, struct context *context,
                             struct shared_look *now,
                             const struct shared_look *before));

#endif
