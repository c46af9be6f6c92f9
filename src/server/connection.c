/*
 * connection: see connection.h.
 *
 * Only here is a request refused before its handler sees it.
 */
#include "server/connection.h"

#include "base/clock.h"
#include "base/pages.h"
#include "server/access_log.h"
#include "server/clients.h"
#include "server/exchange.h"
#include "server/policy.h"
#include "server/route.h"
#include "server/stack.h"
#include "server/turn_away.h"

#include <stdlib.h>

enum { GONE = BODY_GONE }; /* the client has left: no answer */

static void begin(struct exchange *x, struct context *context,
                  struct client *client, struct stream *stream)
{
    /* Not *x as a whole: its pages that nobody touches cost no memory. */
    x->context = context;
    x->client = client;
    x->body = (struct body){0};
    x->path[0] = '\0';
    x->afterwards.run = NULL;
    response_init(&x->response, stream, &x->request);
    stream_release(stream);
}

/* Blocks until the next request begins; false if there is none. */
static bool wait_for_request(struct stream *stream)
{
    int64_t deadline = clock_deadline(LIMIT_IDLE_MS + LIMIT_IDLE_MORE_MS);

    return stream_unread(stream).len > 0 ||
           stream_fill(stream, deadline) == STREAM_FILLED;
}

static int64_t patience(const struct exchange *x, int64_t ms)
{
    return x->context->settings.classroom ? LIMIT_CLASS_MS : ms;
}

/* Returns 200, the status of the refusal, or GONE. */
static int read_head(struct exchange *x, struct stream *stream)
{
    int64_t deadline = clock_deadline(patience(x, LIMIT_HEAD_MS));

    head_begin(&x->request);
    for (;;) {
        struct slice unread = stream_unread(stream);
        int status = request_more(unread.at, unread.len, &x->request);

        if (status == 200)
            stream_hold(stream, x->request.head_len);
        if (status != 0)
            return status;
        switch (stream_fill(stream, deadline)) {
        case STREAM_FILLED:
            break;
        case STREAM_TIMEOUT:
            x->request.reason = "the request took too long to arrive";
            return 408;
        default:
            return GONE;
        }
    }
}

static int read_body(struct exchange *x, struct stream *stream)
{
    int status =
        body_read(stream, &x->request, (size_t)x->context->settings.max_body,
                  patience(x, LIMIT_BODY_MS), &x->context->budget, &x->body);

    if (status != 200) {
        x->request.reason = x->body.reason;
        x->response.close = true;
    }
    return status;
}

/* Sends the answer of the route, or the refusal. */
static void answer(struct exchange *x, const struct route *route, int status)
{
    x->response.close |= clients_dismissed(x->context->clients);
    if (status == 200)
        route_answer(x, route);
    else
        response_error(&x->response, status, x->request.reason);
    atomic_fetch_add(&x->context->answers[x->response.status / 100], 1);
}

/* What is left of a connection when no other request will be read. */
struct rest {
    struct afterwards afterwards;
    bool linger; /* the client may still be sending */
};

/* Serves one request; false if the connection takes no other one. */
static bool serve_request(struct exchange *x, struct stream *stream,
                          struct rest *rest)
{
    struct clients *clients = x->context->clients;
    const uint64_t sent_before = stream->sent;
    const struct route *route;
    struct slice line;
    int head_status, status;
    double started;

    /* Until a head is complete, no request is lost if the server stops. */
    clients_interruptible(clients, x->client);
    if (!wait_for_request(stream))
        return false;
    started = clock_seconds();
    head_status = read_head(x, stream);
    if (head_status == GONE)
        return false;
    line = request_line(&x->request);
    status = route_admit(x, head_status, &route);
    clients_busy(clients, x->client, line,
                 status == 200 ? route_role(route, x) : CLIENT_ROLE);
    if (status == 200)
        status = read_body(x, stream);
    if (status != GONE) {
        answer(x, route, status);
        access_log(x, stream->sent - sent_before, started);
        rest->afterwards = x->afterwards;
        rest->linger = x->response.close &&
                       (status != 200 || stream_unread(stream).len > 0);
    }
    body_free(&x->body);
    return status != GONE && !x->response.close;
}

void connection_run(struct context *context, struct client *client)
{
    /* Not on the stack: when a thread ends, glibc gives all of its stack but
     * 16 KiB back to the kernel, and the next client would fault it in again.
     * On the heap the next client gets the pages of the last one. */
    struct exchange *x = malloc(sizeof *x);
    struct policy_load load = {0};
    struct rest rest = {.linger = false};
    struct stream stream;

    if (!x) {
        turn_away_answer(client->fd, "out of memory");
        return;
    }
    stream_init(&stream, client->fd, x->buffer);
    x->response.date = (struct http_date){0};
    do {
        policy_asked(&load);
        begin(x, context, client, &stream);
    } while (serve_request(x, &stream, &rest));
    stream.buffer = NULL;    /* it is a part of *x */
    if (rest.afterwards.run) /* for hours, perhaps, in thousands of threads */
        pages_give_back(x, sizeof *x);
    free(x);
    if (rest.afterwards.run) {
        stack_shrink();
        rest.afterwards.run(context, client, &stream, &rest.afterwards);
        rest.linger = true; /* the client may have sent more */
    }
    if (rest.linger) {
        clients_interruptible(context->clients, client);
        stream_linger(&stream);
    }
}
