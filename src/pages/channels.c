/* channels: see channels.h. */
#include "pages/channels.h"

#include "base/utf8.h"
#include "http/target.h"
#include "pages/channel_name.h"
#include "pages/event_name.h"
#include "pages/publish.h"
#include "pages/subscribe.h"
#include "server/retry.h"
#include "store/publishers.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "/channels/"

/* What cannot be decoded, or is too long, is "?" (target.h). */
static const char *read_event(const struct request *r,
                              char name[LIMIT_EVENT_NAME + 2])
{
    if (!target_query(r->query, "event", name, LIMIT_EVENT_NAME + 2))
        name[0] = '\0';
    else if (strcmp(name, "?") == 0)
        return "\"event\" must be at most 64 bytes, percent-encoded";
    return event_name_wrong(slice_of(name));
}

/* The message that was posted; NULL after it has sent the refusal. */
static struct message *read_message(struct exchange *x, const char *channel)
{
    const struct slice text = {x->body.bytes, x->body.len};
    char event[LIMIT_EVENT_NAME + 2];
    const char *wrong = read_event(&x->request, event);
    struct message *m;

    if (!wrong && !utf8_valid(text))
        wrong = "the body is not UTF-8";
    if (wrong) {
        response_error(&x->response, 400, wrong);
        return NULL;
    }
    if (event_name_is_none(slice_of(event)))
        event[0] = '\0';
    m = message_new(&(struct event_text){.channel = channel,
                                         .raw = text,
                                         .raw_name = slice_of(event)},
                    x->context->settings.retry_ms);
    if (!m)
        response_error(&x->response, 503, "out of memory");
    return m;
}

static void send_id(struct exchange *x, const struct message *m)
{
    char id[EVENT_ID_SIZE], json[EVENT_ID_SIZE + 16];

    event_id_print(message_id(m), id);
    snprintf(json, sizeof json, "{\"id\":\"%s\"}", id);
    response_send(&x->response, 200, "application/json", slice_of(json));
}

/* The channel must be there before the message is kept: what is kept shall be
 * heard. */
static void publish(struct exchange *x, const char *name)
{
    struct store *store = x->context->store;
    struct message *m = read_message(x, name);
    struct channel *channel = m ? store_enter(store, name) : NULL;

    if (m && !channel) {
        retry_field(&x->response);
        response_error(&x->response, 503,
                       "all channels are in use: see --channels and "
                       "--max-memory");
    }
    if (channel) {
        m = publish_message(x, m);
        store_leave(store, channel);
        if (m)
            send_id(x, m);
    }
    message_unref(m);
}

void channels(struct exchange *x)
{
    const char *name = x->path + strlen(PREFIX);
    const char *wrong = channel_name_wrong(name);

    if (wrong)
        response_error(&x->response, 400, wrong);
    else if (x->request.method == METHOD_POST)
        publish(x, name);
    else
        subscribe_to(x, name);
}
