/* stream: see stream.h. */
#include "journal/redis/stream.h"

#include "journal/redis/entry.h"

#include <hiredis/hiredis.h>
#include <string.h>

/* A script, since two machines may start at the same time. */
static const char *const begin =
    ("if redis.call('EXISTS', KEYS[1]) == 0 then "
     "redis.call('XADD', KEYS[1], '*', 'start', 'crier') end return 1");

void stream_ask_state(struct wire *w)
{
    wire_put_words(w,
                   (const char *const[]){"XINFO", "STREAM", w->url->key, NULL});
}

/* The value behind a name, or NULL. */
static const struct redisReply *value(const struct redisReply *reply,
                                      const char *name)
{
    for (size_t i = 0; i + 1 < reply->elements; i += 2)
        if (reply->element[i]->str && strcmp(reply->element[i]->str, name) == 0)
            return reply->element[i + 1];
    return NULL;
}

bool stream_read_state(const struct redisReply *reply,
                       struct stream_state *state)
{
    const struct redisReply *newest, *first;

    *state = (struct stream_state){.any = false};
    if (reply->type == REDIS_REPLY_ERROR)
        return strstr(reply->str, "no such key") != NULL;
    if (reply->type != REDIS_REPLY_ARRAY)
        return false;
    newest = value(reply, "last-generated-id");
    first = value(reply, "first-entry");
    if (!newest || !first || !entry_id_parse(newest, &state->newest))
        return false;
    state->any = entry_id(first, &state->oldest);
    state->whole = state->any && entry_is_start(first);
    return true;
}

bool stream_hear_state(struct wire *w, int64_t deadline,
                       struct stream_state *state)
{
    struct redisReply *reply = wire_hear(w, deadline);
    bool well = reply && stream_read_state(reply, state);

    if (reply && !well)
        snprintf(w->error, sizeof w->error, "%s",
                 reply->type == REDIS_REPLY_ERROR ? reply->str
                                                  : "it is no broker");
    wire_free(reply);
    return well;
}

bool stream_begin(struct wire *w, int64_t deadline)
{
    struct redisReply *reply = NULL;

    wire_put_words(
        w, (const char *const[]){"EVAL", begin, "1", w->url->key, NULL});
    if (wire_send(w, deadline))
        reply = wire_hear_good(w, deadline);
    wire_free(reply);
    return reply != NULL;
}
