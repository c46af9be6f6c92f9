/* poll: see poll.h. */
#include "pages/poll.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/target.h"
#include "pages/gap.h"
#include "pages/older.h"
#include "server/clients.h"
#include "server/retry.h"
#include "store/inspect.h"
#include "store/subscribers.h"
#include "store/watch.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

enum { WAIT_S = 10 }; /* of a long poll that does not say how long */

/* A request, and its result. */
struct question {
    struct event_id after;
    struct event_id newest; /* when the request came, or before */
    int64_t wait_ms;
    struct store_batch batch;
};

/* The newest is read first, so that a message that comes before store_subscribe
 * is after it. */
static void read_after(struct exchange *x, struct question *q)
{
    char text[LIMIT_EVENT_ID + 2]; /* room for one byte too many */

    q->newest = q->after = store_newest(x->context->store);
    if (target_query(x->request.query, "after", text, sizeof text))
        event_id_parse(text, strlen(text), &q->after);
}

static bool read_wait(struct exchange *x, uint64_t *seconds)
{
    char text[64];

    *seconds = WAIT_S;
    if (!target_query(x->request.query, "wait", text, sizeof text))
        return true;
    return slice_number(slice_of(text), LIMIT_LONG_POLL_S, seconds) &&
           *seconds > 0;
}

/* Makes the machine of a client that has left answer with a reset. HTTP/1.0 has
 * no interim answer. */
static bool may_be_there(struct exchange *x)
{
    const struct slice interim = slice_of("HTTP/1.1 102 Processing\r\n\r\n");

    return x->request.minor > 0 &&
           stream_write_slice(x->response.stream, interim) == 0;
}

/* Returns true if it collected news. */
static bool wait_for_news(struct exchange *x, struct subscriber *sub,
                          struct question *q)
{
    int64_t deadline = clock_monotonic_ms() + q->wait_ms;
    enum store_news news;

    do
        news = store_wait(x->context->store, sub, deadline, LIMIT_BATCH,
                          &q->batch);
    while (news == STORE_HEARTBEAT || (news == STORE_POKED && may_be_there(x)));
    return news == STORE_MESSAGES;
}

/* The same, while the client is watched. */
static bool watch_and_wait(struct exchange *x, struct subscriber *sub,
                           struct question *q)
{
    bool news;

    pthread_setname_np(pthread_self(), "long poll");
    if (watch_add(x->context->watch, x->response.stream->fd, sub) < 0)
        log_error("epoll_ctl: %s", strerror(errno));
    news = wait_for_news(x, sub, q);
    watch_remove(x->context->watch, x->response.stream->fd);
    pthread_setname_np(pthread_self(), "client");
    return news;
}

static void add_gap(struct exchange *x, const struct store_batch *batch)
{
    char json[GAP_SIZE];

    gap_json(json, batch);
    response_field(&x->response, "Event-Gap", "%s", json);
}

static void add_id(struct exchange *x, struct event_id id)
{
    char text[EVENT_ID_SIZE];

    event_id_print(id, text);
    response_field(&x->response, "Last-Event-ID", "%s", text);
}

static void send_nothing(struct exchange *x, struct event_id next)
{
    add_id(x, next);
    response_send_empty(&x->response, 204);
}

static void send_no_room(struct exchange *x, const struct question *q)
{
    if (clients_dismissed(x->context->clients)) {
        send_nothing(x, q->after);
        return;
    }
    retry_field(&x->response);
    response_error(&x->response, 503, "no room for another subscriber");
}

/* The array straight from the messages' own bytes: each message with the ","
 * or "]" after it. Returns its length. */
static int64_t make_array(const struct store_batch *batch, struct iovec *parts)
{
    static const char bracket = ']', comma = ',';
    int64_t length = 0;

    for (size_t i = 0; i < batch->count; i++) {
        struct slice json = message_json(batch->messages[i]);

        parts[2 * i] = stream_part(json);
        parts[2 * i + 1] = stream_part((struct slice){&comma, 1});
        length += (int64_t)json.len + 1;
    }
    parts[2 * batch->count - 1] = stream_part((struct slice){&bracket, 1});
    return length;
}

/* The budget pays for the messages while they are written: they may leave the
 * history meanwhile. */
static void send_messages(struct exchange *x, const struct question *q)
{
    const struct store_batch *batch = &q->batch;
    struct budget *budget = &x->context->budget;
    struct iovec parts[2 * LIMIT_BATCH];
    int64_t length = make_array(batch, parts);
    size_t part = budget_part((size_t)length);

    if (!budget_take(budget, part)) {
        send_no_room(x, q);
        return;
    }
    add_id(x, message_id(batch->messages[batch->count - 1]));
    response_start(&x->response, 200, "application/json", length + 1,
                   slice_of("["));
    if (x->request.method != METHOD_HEAD &&
        stream_write(x->response.stream, parts, 2 * (int)batch->count) < 0)
        x->response.close = true;
    budget_give(budget, part);
}

static void send_news(struct exchange *x, struct question *q)
{
    if (!older_replace(x->context, &q->batch)) {
        retry_field(&x->response);
        response_error(&x->response, 503, "older messages cannot be read now");
        return;
    }
    if (q->batch.gap)
        add_gap(x, &q->batch);
    if (q->batch.count > 0)
        send_messages(x, q);
    else /* with `after` it would find the same gap again */
        send_nothing(x, q->newest);
    store_release(&q->batch);
}

static void answer(struct exchange *x, struct question *q, bool news)
{
    if (news)
        send_news(x, q);
    else
        send_nothing(x, q->after);
}

void poll_short(struct exchange *x)
{
    struct question q;

    read_after(x, &q);
    response_field(&x->response, "Cache-Control", "no-store");
    answer(x, &q, store_peek(x->context->store, q.after, &q.batch));
}

void poll_long(struct exchange *x)
{
    struct store *store = x->context->store;
    struct subscriber *sub;
    struct question q;
    uint64_t wait_s;
    bool news;

    if (!read_wait(x, &wait_s)) {
        response_error(&x->response, 400,
                       "wait must be a whole number from 1 to 60");
        return;
    }
    if (x->request.method == METHOD_HEAD) {
        poll_short(x);
        return;
    }
    read_after(x, &q);
    q.wait_ms = (int64_t)wait_s * 1000;
    response_field(&x->response, "Cache-Control", "no-store");
    sub = store_subscribe(store, &q.after, &q.after);
    if (!sub) {
        send_no_room(x, &q);
        return;
    }
    news = watch_and_wait(x, sub, &q);
    store_unsubscribe(store, sub);
    x->response.close |= clients_dismissed(x->context->clients);
    answer(x, &q, news);
}
