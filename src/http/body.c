/* body: see body.h. */
#include "http/body.h"

#include "base/clock.h"
#include "http/chunked.h"

#include <stdlib.h>
#include <string.h>

static const char TOO_LARGE[] = "the body is larger than --max-body allows";

/* All that one body needs while it is read. */
struct reader {
    struct stream *stream;
    struct body *body;
    size_t max;
    int64_t deadline; /* ms, monotonic */
};

static int refuse_body(struct reader *r, int status, const char *reason)
{
    r->body->reason = reason;
    return status;
}

/* A large body has more time, at 1 KiB/s: each KiB received adds a second. */
static int wait_for_more(struct reader *r)
{
    int64_t more = (int64_t)(r->body->len / 1024) * 1000;

    switch (stream_fill(r->stream, r->deadline + more)) {
    case STREAM_FILLED:
        return 200;
    case STREAM_TIMEOUT:
        return refuse_body(r, 408, "the body took too long to arrive");
    default:
        return BODY_GONE;
    }
}

/* Makes room for len bytes in all. False if memory or the budget runs out. */
static bool grow(struct body *body, size_t len, size_t max)
{
    size_t room = len * 2 < max ? len * 2 : max;
    size_t more = budget_part(room) - budget_part(body->room);
    char *bytes;

    if (len <= body->room)
        return true;
    if (!budget_take(body->budget, more))
        return false;
    bytes = realloc(body->bytes, room);
    if (!bytes) {
        budget_give(body->budget, more);
        return false;
    }
    body->bytes = bytes;
    body->room = room;
    return true;
}

static int append(struct reader *r, struct slice data)
{
    struct body *body = r->body;

    if (data.len > r->max - body->len)
        return refuse_body(r, 413, TOO_LARGE);
    if (!grow(body, body->len + data.len, r->max))
        return refuse_body(r, 503, "out of memory");
    if (data.len > 0)
        memcpy(body->bytes + body->len, data.at, data.len);
    body->len += data.len;
    return 200;
}

static int read_length(struct reader *r, uint64_t length)
{
    int status = 200;

    while (status == 200) {
        struct slice data = stream_unread(r->stream);

        if (data.len > length - r->body->len)
            data.len = (size_t)(length - r->body->len);
        stream_take(r->stream, data.len);
        status = append(r, data);
        if (status == 200 && r->body->len == length)
            return 200;
        if (status == 200)
            status = wait_for_more(r);
    }
    return status;
}

static int read_chunked(struct reader *r)
{
    struct chunked chunked = {0};
    int status = 200;

    while (status == 200) {
        struct slice data = {NULL, 0};
        size_t used;
        enum chunked_result result =
            chunked_decode(&chunked, stream_unread(r->stream), &used, &data);

        stream_take(r->stream, used);
        if (result == CHUNKED_DONE)
            return 200;
        if (result == CHUNKED_BAD)
            return refuse_body(r, 400,
                               "the chunked coding of the body is broken");
        /* The chunk's size alone may say that it is too much. */
        if (data.len + chunked.left > r->max - r->body->len)
            return refuse_body(r, 413, TOO_LARGE);
        status = result == CHUNKED_DATA ? append(r, data) : wait_for_more(r);
    }
    return status;
}

int body_read(struct stream *s, const struct request *r, size_t max,
              int64_t patience_ms, struct budget *budget, struct body *body)
{
    struct reader reader = {s, body, max, clock_deadline(patience_ms)};

    *body = (struct body){.budget = budget};
    if (r->content_length > max)
        return refuse_body(&reader, 413, TOO_LARGE);
    if (r->expect_continue && request_has_body(r) &&
        stream_unread(s).len == 0 &&
        stream_write_slice(s, slice_of("HTTP/1.1 100 Continue\r\n\r\n")) < 0)
        return BODY_GONE;
    return r->chunked ? read_chunked(&reader)
                      : read_length(&reader, r->content_length);
}

void body_free(struct body *body)
{
    budget_give(body->budget, budget_part(body->room));
    free(body->bytes);
    *body = (struct body){0};
}
