/* entry: see entry.h. */
#include "journal/redis/entry.h"

#include "base/json_memory.h"
#include "base/utf8.h"
#include "store/channels.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *entry_id_print(struct event_id id, char out[ENTRY_ID_SIZE])
{
    snprintf(out, ENTRY_ID_SIZE, "%" PRId64 "-%" PRIu64, id.ms, id.nth);
    return out;
}

static struct slice text_of(const struct redisReply *reply)
{
    if (reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_STATUS)
        return (struct slice){NULL, 0};
    return (struct slice){reply->str, (size_t)reply->len};
}

bool entry_id_parse(const struct redisReply *reply, struct event_id *id)
{
    struct slice nth = text_of(reply), ms = slice_cut(&nth, '-');
    uint64_t number;

    if (!slice_number(ms, INT64_MAX, &number) ||
        !slice_number(nth, UINT64_MAX, &id->nth))
        return false;
    id->ms = (int64_t)number;
    return true;
}

bool entry_id(const struct redisReply *entry, struct event_id *id)
{
    return entry->type == REDIS_REPLY_ARRAY && entry->elements == 2 &&
           entry_id_parse(entry->element[0], id);
}

/* The value of a field; at NULL if there is none. */
static struct slice field(const struct redisReply *entry, const char *name)
{
    const struct redisReply *fields = entry->element[1];

    if (fields->type == REDIS_REPLY_ARRAY)
        for (size_t i = 0; i + 1 < fields->elements; i += 2)
            if (slice_is(text_of(fields->element[i]), name))
                return text_of(fields->element[i + 1]);
    return (struct slice){NULL, 0};
}

bool entry_is_start(const struct redisReply *entry)
{
    return field(entry, "start").at != NULL;
}

bool entry_is_of(const struct redisReply *entry, const char *channel)
{
    const struct slice name = field(entry, "channel");

    return name.at ? slice_is(name, channel) : channel[0] == '\0';
}

void entry_stamp(struct message *m, struct event_id id)
{
    message_stamp(m, id, id.ms);
}

/* A line break would end the event's line. */
static bool is_name(struct slice event)
{
    return event.len <= LIMIT_EVENT_NAME &&
           !memchr(event.at, '\n', event.len) &&
           !memchr(event.at, '\r', event.len);
}

/* NULL, and errno, as entry_message. */
static struct message *make(const struct event_text *text, int retry_ms)
{
    struct message *m = message_new(text, retry_ms);

    errno = m ? 0 : ENOMEM;
    return m;
}

/* Of /update's channel. */
static struct message *json_message(struct slice data, int retry_ms)
{
    json_error_t error;
    json_t *root = json_memory_load(data, &error);
    const json_t *text = json_object_get(root, "text"),
                 *event = json_object_get(root, "event");
    struct message *m = NULL;

    errno = root || error.text[0] ? 0 : ENOMEM;
    if (!json_is_string(event))
        event = NULL;
    if (json_is_string(text) &&
        (!event || is_name((struct slice){json_string_value(event),
                                          json_string_length(event)})))
        m = make(
            &(struct event_text){.channel = "", .text = text, .name = event},
            retry_ms);
    json_decref(root);
    return m;
}

/* Of a channel with a name. */
static struct message *raw_message(struct slice data, struct slice channel,
                                   struct slice event, int retry_ms)
{
    char name[CHANNEL_NAME_SIZE];

    errno = 0;
    if (channel.len >= sizeof name || memchr(channel.at, '\0', channel.len) ||
        (event.at && !is_name(event)) || !utf8_valid(data))
        return NULL;
    memcpy(name, channel.at, channel.len);
    name[channel.len] = '\0';
    return make(
        &(struct event_text){.channel = name, .raw = data, .raw_name = event},
        retry_ms);
}

struct message *entry_message(const struct redisReply *entry, int retry_ms)
{
    const struct slice data = field(entry, "data"),
                       channel = field(entry, "channel");
    struct event_id id;
    struct message *m;

    errno = 0;
    if (!data.at || !entry_id(entry, &id))
        return NULL;
    m = channel.len > 0
            ? raw_message(data, channel, field(entry, "event"), retry_ms)
            : json_message(data, retry_ms);
    if (m)
        entry_stamp(m, id);
    return m;
}
