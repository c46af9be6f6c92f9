/* poll_array: see poll_array.h. */
#include "pages/poll_array.h"

#include "pages/raw_json.h"

#include <stdlib.h>

static struct event_id newest(const struct store_batch *batch)
{
    return message_id(batch->messages[batch->count - 1]);
}

/* The array straight from the messages' own bytes: each message with the ","
 * or "]" after it. Returns its length. */
static int64_t make_parts(const struct store_batch *batch, struct iovec *parts)
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

void poll_array_next(struct exchange *x, struct event_id id)
{
    char text[EVENT_ID_SIZE];

    event_id_print(id, text);
    response_field(&x->response, "Last-Event-ID", "%s", text);
}

/* The budget pays for the messages while they are written: they may leave the
 * history meanwhile. */
static bool send_parts(struct exchange *x, const struct store_batch *batch)
{
    struct budget *budget = &x->context->budget;
    struct iovec parts[2 * LIMIT_BATCH];
    int64_t length = make_parts(batch, parts);
    size_t part = budget_part((size_t)length);

    if (!budget_take(budget, part))
        return false;
    poll_array_next(x, newest(batch));
    response_start(&x->response, 200, "application/json", length + 1,
                   slice_of("["));
    if (x->request.method != METHOD_HEAD &&
        stream_write(x->response.stream, parts, 2 * (int)batch->count) < 0)
        x->response.close = true;
    budget_give(budget, part);
    return true;
}

/* It pays for the array, too. */
static bool send_raw(struct exchange *x, const struct store_batch *batch)
{
    struct budget *budget = &x->context->budget;
    const size_t len = raw_json_print(batch, NULL);
    const size_t part = budget_part(2 * len);
    char *json;

    if (!budget_take(budget, part))
        return false;
    json = malloc(len);
    if (json) {
        raw_json_print(batch, json);
        poll_array_next(x, newest(batch));
        response_send(&x->response, 200, "application/json",
                      (struct slice){json, len});
    }
    free(json);
    budget_give(budget, part);
    return json != NULL;
}

bool poll_array_send(struct exchange *x, const struct store_batch *batch)
{
    return batch->channel[0] ? send_raw(x, batch) : send_parts(x, batch);
}
