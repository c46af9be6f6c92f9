/* adding: see adding.h. */
#include "journal/redis/adding.h"

#include "journal/redis/entry.h"
#include "store/event_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a message has that is stamped with the id 0. */
#define NO_TIME ",\"timestamp\":0}"

/* What was posted: the message's JSON without the timestamp, or its text. To be
 * freed. */
static char *make_data(const struct message *m, struct slice *data)
{
    const struct slice json = message_json(m), event = message_event(m);
    char *copy = malloc(event.len);

    if (!copy)
        return NULL;
    data->at = copy;
    if (message_channel(m)[0]) {
        data->len = event_lines_text(event, copy);
    } else {
        data->len = json.len - strlen(NO_TIME) + 1;
        memcpy(copy, json.at, data->len - 1);
        copy[data->len - 1] = '}';
    }
    return copy;
}

/*
 * A key stands in its entry's field `key`. So that it is found without reading
 * all entries, a sorted set has the milliseconds of each key's id; and there
 * those of entries that are trimmed are forgotten.
 */
static const char *const add_once =
    ("local stream, keys, key = KEYS[1], KEYS[2], ARGV[1] "
     "local ms = redis.call('ZSCORE', keys, key) "
     "for _, entry in ipairs(ms and redis.call('XRANGE', stream, ms, ms) "
     "or {}) do "
     "for i = 1, #entry[2], 2 do "
     "if entry[2][i] == 'key' and entry[2][i + 1] == key then "
     "return entry end end end "
     "local id = redis.call('XADD', stream, 'MAXLEN', '~', ARGV[2], '*', "
     "'key', key, unpack(ARGV, 3)) "
     "redis.call('ZADD', keys, string.match(id, '%d+'), key) "
     "local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1) "
     "redis.call('ZREMRANGEBYSCORE', keys, '-inf', "
     "'(' .. string.match(first[1][1], '%d+')) "
     "return id");

/* The fields of an entry. Returns how many words they are, at most 6. */
static size_t put_fields(const struct message *m, struct slice data,
                         struct slice *words)
{
    const struct slice name = event_lines_name(message_event(m));
    const char *channel = message_channel(m);
    size_t n = 0;

    words[n++] = slice_of("data");
    words[n++] = data;
    if (channel[0]) {
        words[n++] = slice_of("channel");
        words[n++] = slice_of(channel);
    }
    if (channel[0] && name.len > 0) {
        words[n++] = slice_of("event");
        words[n++] = name;
    }
    return n;
}

static size_t put_command(struct slice *words, const char *stream,
                          const char *most)
{
    size_t n = 0;

    words[n++] = slice_of("XADD");
    words[n++] = slice_of(stream);
    words[n++] = slice_of("MAXLEN");
    words[n++] = slice_of("~");
    words[n++] = slice_of(most);
    words[n++] = slice_of("*");
    return n;
}

static size_t put_script(struct slice *words, const char *stream,
                         const char *keys, const char *key, const char *most)
{
    size_t n = 0;

    words[n++] = slice_of("EVAL");
    words[n++] = slice_of(add_once);
    words[n++] = slice_of("2");
    words[n++] = slice_of(stream);
    words[n++] = slice_of(keys);
    words[n++] = slice_of(key);
    words[n++] = slice_of(most);
    return n;
}

bool adding_put(struct wire *w, struct message *m, const char *key, size_t keep)
{
    struct slice words[WIRE_ARGS], data;
    const char *stream = w->url->key;
    char most[24], keys[URL_PART + 8];
    char *copy;
    size_t n;

    entry_stamp(m, (struct event_id){0, 0});
    copy = make_data(m, &data);
    if (!copy)
        return false;
    snprintf(most, sizeof most, "%zu", keep);
    snprintf(keys, sizeof keys, "%s:keys", stream);
    n = key[0] ? put_script(words, stream, keys, key, most)
               : put_command(words, stream, most);
    n += put_fields(m, data, words + n);
    wire_put(w, n, words);
    free(copy);
    return true;
}
