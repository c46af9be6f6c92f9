/* poll: see poll.h. */
#include "pages/poll.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/target.h"
#include "journal/journal.h"
#include "pages/channel_name.h"
#include "pages/gap.h"
#include "pages/older.h"
#include "pages/poll_array.h"
#include "server/clients.h"
#include "server/retry.h"
#include "store/channels.h"
#include "store/inspect.h"
#include "store/subscribers.h"
#include "store/watch.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

enum { WAIT_S = 10 }; /* of a long poll that does not say how long */

/* A request, and its result. */
struct question {
    char channel[CHANNEL_NAME_SIZE + 1]; /* room for one byte too many */
    struct event_id after;
    struct event_id newest; /* when the request came, or before */
    int64_t wait_ms;
    struct store_batch batch;
};

/* False after it has sent the refusal. */
static bool read_channel(struct exchange *x, struct question *q)
{
    const char *wrong;

    q->channel[0] = '\0';
    if (!target_query(x->request.query, "channel", q->channel,
                      sizeof q->channel))
        return true;
    wrong = channel_name_wrong(q->channel);
    if (wrong)
        response_error(&x->response, 400, wrong);
    return !wrong;
}

/* The newest is read first, so that a message that comes before store_subscribe
 * is after it. */
static void read_after(struct exchange *x, struct question *q)
{
    char text[LIMIT_EVENT_ID + 2]; /* room for one byte too many */

    q->newest = q->after = store_newest_of(x->context->store, q->channel);
    if (target_query(x->request.query, "after", text, sizeof text))
        event_id_parse(text, strlen(text), &q->after);
    journal_reach(x->context->journal, q->after);
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
    int64_t deadline = clock_deadline(q->wait_ms);
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

static void send_nothing(struct exchange *x, struct event_id next)
{
    poll_array_next(x, next);
    response_send_empty(&x->response, 204);
}

static void send_no_room(struct exchange *x, const struct question *q)
{
    if (clients_dismissed(x->context->clients)) {
        send_nothing(x, q->after);
        return;
    }
    retry_field(&x->response);
    response_error(&x->response, 503,
                   q->channel[0] ? "no room for another subscriber, or channel"
                                 : "no room for another subscriber");
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
    if (q->batch.count == 0) /* `after` would find the same gap again */
        send_nothing(x, q->newest);
    else if (!poll_array_send(x, &q->batch))
        send_no_room(x, q);
    store_release(&q->batch);
}

static void answer(struct exchange *x, struct question *q, bool news)
{
    q->batch.channel = q->channel; /* the store's may be gone */
    if (news)
        send_news(x, q);
    else
        send_nothing(x, q->after);
}

void poll_short(struct exchange *x)
{
    struct question q;

    if (!read_channel(x, &q))
        return;
    read_after(x, &q);
    response_field(&x->response, "Cache-Control", "no-store");
    answer(x, &q, store_peek(x->context->store, q.channel, q.after, &q.batch));
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
    if (!read_channel(x, &q))
        return;
    read_after(x, &q);
    q.wait_ms = (int64_t)wait_s * 1000;
    response_field(&x->response, "Cache-Control", "no-store");
    sub = store_subscribe(store, q.channel, &q.after, &q.after);
    if (!sub) {
        send_no_room(x, &q);
        return;
    }
    news = watch_and_wait(x, sub, &q);
    store_unsubscribe(store, sub);
    x->response.close |= clients_dismissed(x->context->clients);
    answer(x, &q, news);
}
