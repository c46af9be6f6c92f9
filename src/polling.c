/* polling: see polling.h. */
#include "polling.h"

#include "clock.h"
#include "log.h"
#include "response.h"
#include "target.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    WAIT_S = 10, /* of a long poll that does not say how long */
    WAIT_MAX_S = 60,
    RETRY_S = 1, /* who finds no room comes back after so long, */
    RETRY_SPREAD_S = 4,
};

/* A request, and what became of it. */
struct question {
    struct event_id after;
    struct event_id newest; /* when the question was asked, or before */
    int64_t wait_ms;
    struct store_batch batch;
};

/* What lies in the future is taken for the newest. That is asked for first:
 * what comes between this and store_subscribe is then after it. */
static void read_after(struct exchange *x, struct question *q)
{
    char text[EVENT_ID_MAX + 2]; /* room for one byte too many */
    struct event_id after;

    q->newest = q->after = store_newest(x->context->store);
    if (target_query(x->request.query, "after", text, sizeof text) &&
        event_id_parse(text, strlen(text), &after) &&
        event_id_compare(after, q->newest) < 0)
        q->after = after;
}

static bool read_wait(struct exchange *x, uint64_t *seconds)
{
    char text[64];

    *seconds = WAIT_S;
    if (!target_query(x->request.query, "wait", text, sizeof text))
        return true;
    return slice_number(slice_of(text), WAIT_MAX_S, seconds) && *seconds > 0;
}

/* Provokes an answer from the machine of a client that has gone. HTTP/1.0 has
 * nothing that could be said meanwhile. */
static bool may_be_there(struct exchange *x)
{
    static const char interim[] = "HTTP/1.1 102 Processing\r\n\r\n";
    struct iovec part = {(char *)(uintptr_t)interim, sizeof interim - 1};

    return x->request.minor > 0 && stream_write(x->stream, &part, 1) == 0;
}

/* True if it collected news. */
static bool wait_for_news(struct exchange *x, struct subscriber *sub,
                          struct question *q)
{
    int64_t deadline = clock_monotonic_ms() + q->wait_ms;
    enum store_news news;

    do
        news = store_wait(x->context->store, sub, deadline, STORE_BATCH,
                          &q->batch);
    while (news == STORE_HEARTBEAT || (news == STORE_POKED && may_be_there(x)));
    return news == STORE_MESSAGES;
}

/* The same, with an eye on the client. */
static bool watch_and_wait(struct exchange *x, struct subscriber *sub,
                           struct question *q)
{
    bool news;

    pthread_setname_np(pthread_self(), "long poll");
    if (departures_watch(x->context->departures, x->stream->fd, sub) < 0)
        log_error("epoll_ctl: %s", strerror(errno));
    news = wait_for_news(x, sub, q);
    departures_forget(x->context->departures, x->stream->fd);
    pthread_setname_np(pthread_self(), "client");
    return news;
}

static void add_gap(struct exchange *x, const struct store_batch *batch)
{
    char event[MESSAGE_GAP_SIZE];
    size_t len = message_gap(event, batch->gap_after,
                             batch->has_oldest ? &batch->oldest : NULL);
    const char *json = memchr(event, '{', len);

    len -= (size_t)(json - event) + strlen("\n\n");
    response_field(x, "Event-Gap", "%.*s", (int)len, json);
}

static void add_id(struct exchange *x, struct event_id id)
{
    char text[EVENT_ID_SIZE];

    event_id_print(id, text);
    response_field(x, "Last-Event-ID", "%s", text);
}

static void send_nothing(struct exchange *x, struct event_id next)
{
    add_id(x, next);
    response_send(x, 204, NULL, (struct slice){NULL, 0});
}

/* The array, straight from the messages' own bytes: "[", and then each message
 * with what follows it, "," or "]". */
static void send_messages(struct exchange *x, const struct store_batch *batch)
{
    struct iovec parts[2 * STORE_BATCH];
    char bracket = ']', comma = ',';
    int64_t length = 1;
    int n = 0;

    for (size_t i = 0; i < batch->count; i++) {
        struct slice json = message_json(batch->messages[i]);

        parts[n++] = (struct iovec){(char *)(uintptr_t)json.at, json.len};
        parts[n++] = (struct iovec){&comma, 1};
        length += (int64_t)json.len + 1;
    }
    parts[n - 1].iov_base = &bracket;
    add_id(x, message_id(batch->messages[batch->count - 1]));
    response_start(x, 200, "application/json", length, slice_of("["));
    if (x->request.method != METHOD_HEAD &&
        stream_write(x->stream, parts, n) < 0)
        x->close = true;
}

static void send_news(struct exchange *x, const struct question *q)
{
    const struct store_batch *batch = &q->batch;

    if (batch->gap)
        add_gap(x, batch);
    if (batch->count > 0)
        send_messages(x, batch);
    else /* `after` would find the same gap again */
        send_nothing(x, q->newest);
    for (size_t i = 0; i < batch->count; i++)
        message_unref(batch->messages[i]);
}

static void turn_away(struct exchange *x, const struct question *q)
{
    if (clients_dismissed(x->context->clients)) {
        send_nothing(x, q->after);
        return;
    }
    response_field(x, "Retry-After", "%u",
                   RETRY_S + arc4random_uniform(RETRY_SPREAD_S + 1));
    response_error(x, 503, "no room for another subscriber");
}

static void answer(struct exchange *x, const struct question *q, bool news)
{
    if (news)
        send_news(x, q);
    else
        send_nothing(x, q->after);
}

void polling_short(struct exchange *x)
{
    struct question q;

    read_after(x, &q);
    response_field(x, "Cache-Control", "no-store");
    answer(x, &q, store_peek(x->context->store, q.after, &q.batch));
}

void polling_long(struct exchange *x)
{
    struct store *store = x->context->store;
    struct subscriber *sub;
    struct question q;
    uint64_t wait_s;
    bool news;

    if (!read_wait(x, &wait_s)) {
        response_error(x, 400, "wait must be a whole number from 1 to 60");
        return;
    }
    if (x->request.method == METHOD_HEAD) {
        polling_short(x);
        return;
    }
    read_after(x, &q);
    q.wait_ms = (int64_t)wait_s * 1000;
    response_field(x, "Cache-Control", "no-store");
    sub = store_subscribe(store, &q.after);
    if (!sub) {
        turn_away(x, &q);
        return;
    }
    news = watch_and_wait(x, sub, &q);
    store_unsubscribe(store, sub);
    answer(x, &q, news);
}
