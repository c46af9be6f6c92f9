/*
 * connection: see connection.h.
 *
 * Here, and nowhere else, a request is refused before its handler sees it.
 */
#include "connection.h"

#include "clock.h"
#include "log.h"
#include "response.h"
#include "routes.h"
#include "stack.h"
#include "subscribe.h"
#include "target.h"

#include <inttypes.h>
#include <stdlib.h>

enum { GONE = BODY_GONE }; /* the client: there is nobody to answer */

static void begin(struct exchange *x, struct context *context,
                  struct client *client, struct stream *stream)
{
    /* Not all of *x at once: pages that are not touched cost no memory. */
    x->context = context;
    x->client = client;
    x->stream = stream;
    x->body = (struct body){0};
    x->path[0] = '\0';
    x->close = x->linger = false;
    x->status = 0;
    x->subscription.sub = NULL;
    x->fields_len = 0;
    stream_release(stream);
}

/* Blocks until the next request begins; false if there is none. */
static bool wait_for_request(struct exchange *x)
{
    int64_t deadline = clock_monotonic_ms() + LIMIT_IDLE_MS;

    return stream_unread(x->stream).len > 0 ||
           stream_fill(x->stream, deadline) == STREAM_FILLED;
}

/* 200, the status of the refusal, or GONE. */
static int read_head(struct exchange *x)
{
    int64_t deadline = clock_monotonic_ms() + LIMIT_HEAD_MS;

    for (;;) {
        struct slice unread = stream_unread(x->stream);
        int status = request_parse(unread.at, unread.len, &x->request);

        if (status == 200)
            stream_hold(x->stream, x->request.head_len);
        if (status != 0)
            return status;
        switch (stream_fill(x->stream, deadline)) {
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

/* The decoded path, also of a refused request, as far as it is known. */
static bool decode_path(struct exchange *x)
{
    if (target_decode_path(x->request.path, x->path, sizeof x->path))
        return true;
    x->path[0] = '\0';
    return false;
}

/* What stands against a request whose head gave this status: 200 if its route
 * may answer it, and its body has been read; or as above. */
static int admit(struct exchange *x, int status, const struct route **route)
{
    x->close = status != 200 || !x->request.keep_alive;
    if (!decode_path(x) && status == 200) {
        x->request.reason = "the path has a broken percent-encoding";
        x->close = true;
        status = 400;
    }
    if (status != 200)
        return status;
    *route = routes_find(x->path);
    status = routes_judge(x, *route);
    if (status != 200) {
        /* A body that is left unread is no request. */
        x->close |= request_has_body(&x->request);
        return status;
    }
    status = body_read(x->stream, &x->request,
                       (size_t)x->context->options.max_body, &x->body);
    if (status != 200) {
        x->request.reason = x->body.reason;
        x->close = true;
    }
    return status;
}

static void log_request(const struct exchange *x, uint64_t sent, double started)
{
    const struct request *r = &x->request;
    char method[LOG_TEXT], target[LOG_TEXT];

    log_event("%s %s %d %" PRIu64 " B %.2f ms",
              r->method_name.len ? log_escape(r->method_name, method) : "-",
              r->target.len ? log_escape(r->target, target) : "-", x->status,
              sent, (clock_seconds() - started) * 1000);
}

/* The line as it was sent, for who looks on; of a good request only. */
static struct slice request_line(const struct request *r, int status)
{
    const char *end = r->target.at + r->target.len + sizeof " HTTP/1.1" - 1;

    if (status != 200)
        return (struct slice){NULL, 0};
    return (struct slice){r->method_name.at, (size_t)(end - r->method_name.at)};
}

/* True if the connection is good for another request. */
static bool serve_request(struct exchange *x, struct client *client)
{
    struct clients *clients = x->context->clients;
    const struct route *route = NULL;
    uint64_t sent_before = x->stream->sent;
    double started;
    int status;

    /* Until the head is complete there is no request to be answered. */
    clients_idle(clients, client);
    if (!wait_for_request(x))
        return false;
    started = clock_seconds();
    status = read_head(x);
    if (status == GONE)
        return false;
    clients_busy(clients, client, request_line(&x->request, status));

    status = admit(x, status, &route);
    if (status == 200)
        routes_answer(x, route);
    else if (status != GONE)
        response_error(x, status, x->request.reason);
    free(x->body.bytes);
    if (status == GONE)
        return false;
    log_request(x, x->stream->sent - sent_before, started);
    /* There may be more to come, which nobody is going to answer. */
    x->linger = x->close && (status != 200 || stream_unread(x->stream).len > 0);
    return !x->close;
}

/* What connection_run still has to do after the last request. */
struct rest {
    struct subscription subscription;
    bool linger;
};

/* Not inlined, so that its frame ends, with the buffers of the requests in it,
 * before a subscription runs. */
static __attribute__((noinline)) struct rest
serve_requests(struct context *context, struct client *client,
               struct stream *stream)
{
    char buffer[STREAM_BUFFER];
    struct exchange x;

    stream->buffer = buffer;
    do
        begin(&x, context, client, stream);
    while (serve_request(&x, client));
    stream->buffer = NULL;
    return (struct rest){x.subscription, x.linger};
}

void connection_run(struct context *context, struct client *client)
{
    struct stream stream;
    struct rest rest;

    stream_init(&stream, client->fd, NULL);
    rest = serve_requests(context, client, &stream);
    if (rest.subscription.sub) {
        stack_shrink();
        subscribe_run(context, client, &stream, &rest.subscription);
    }
    if (rest.linger) {
        clients_idle(context->clients, client);
        stream_linger(&stream);
    }
}
