/*
 * message: see message.h.
 *
 * The text is rendered before the id is known, with room left on both sides,
 * so that stamping moves none of it:
 *
 *     | room  retry:… id:… | data: {"text":"hello","timestamp": | 17…}\n\n |
 *                   HEAD_ROOM ^ written at once       stamped later ^
 */
#include "message.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA_START "data: {\"text\":"
#define DATA_END   ",\"timestamp\":"

enum {
    HEAD_ROOM = 96, /* retry: and id: lines */
    TAIL_ROOM = 32, /* the timestamp, "}\n\n" and a NUL */
    DATA_FIELD = 6, /* "data: " */
};

struct message {
    atomic_uint refs;
    int retry_ms;
    struct event_id id;
    struct slice event;
    struct slice json;
    size_t end; /* where the rendered part of bytes ends */
    char bytes[];
};

static struct message *message_new(const json_t *text, int retry_ms)
{
    const size_t flags = JSON_ENCODE_ANY | JSON_COMPACT;
    const size_t start = HEAD_ROOM + strlen(DATA_START);
    size_t len = json_dumpb(text, NULL, 0, flags);
    struct message *m;

    m = malloc(sizeof *m + start + len + strlen(DATA_END) + TAIL_ROOM);
    if (!m)
        return NULL;
    atomic_init(&m->refs, 1);
    m->retry_ms = retry_ms;
    memcpy(m->bytes + HEAD_ROOM, DATA_START, strlen(DATA_START));
    json_dumpb(text, m->bytes + start, len, flags);
    memcpy(m->bytes + start + len, DATA_END, strlen(DATA_END));
    m->end = start + len + strlen(DATA_END);
    return m;
}

/* jansson quotes the body, and may cut a character in two. */
static const char *only_utf8(const char *reason)
{
    json_t *string = json_string(reason);
    bool valid = string != NULL;

    json_decref(string);
    return valid ? reason : "a character that is not expected here";
}

static json_t *parse_object(const char *body, size_t len, char *error)
{
    /* As JSON.parse: any integer that a double can hold, and \u0000. */
    const size_t flags =
        JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
    json_error_t e;
    json_t *root;

    if (len == 0) {
        snprintf(error, MESSAGE_ERROR_SIZE,
                 "empty body: expected a JSON object with a string \"text\"");
        return NULL;
    }
    root = json_loadb(body, len, flags, &e);
    if (root && json_is_object(root))
        return root;
    if (root)
        snprintf(error, MESSAGE_ERROR_SIZE,
                 "the body must be a JSON object with a string \"text\"");
    else
        snprintf(error, MESSAGE_ERROR_SIZE,
                 "invalid JSON at line %d, column %d: %s", e.line, e.column,
                 only_utf8(e.text));
    json_decref(root);
    return NULL;
}

struct message *message_from_json(const char *body, size_t len, int retry_ms,
                                  char error[MESSAGE_ERROR_SIZE])
{
    struct message *m = NULL;
    json_t *root, *text;

    error[0] = '\0';
    root = parse_object(body, len, error);
    if (!root)
        return NULL;
    text = json_object_get(root, "text");
    if (!text || (json_is_string(text) && json_string_length(text) == 0))
        snprintf(error, MESSAGE_ERROR_SIZE, "text 필드를 채워주세요");
    else if (!json_is_string(text))
        snprintf(error, MESSAGE_ERROR_SIZE, "\"text\" must be a string");
    else
        m = message_new(text, retry_ms);
    json_decref(root);
    return m;
}

void message_stamp(struct message *m, struct event_id id)
{
    char head[HEAD_ROOM], printed[EVENT_ID_SIZE];
    char *json = m->bytes + HEAD_ROOM + DATA_FIELD;
    int head_len, tail_len;

    event_id_print(id, printed);
    head_len = snprintf(head, sizeof head, "retry: %d\nid: %s\n", m->retry_ms,
                        printed);
    assert(head_len > 0 && head_len < HEAD_ROOM);
    memcpy(m->bytes + HEAD_ROOM - head_len, head, (size_t)head_len);
    tail_len =
        snprintf(m->bytes + m->end, TAIL_ROOM, "%" PRId64 "}\n\n", id.ms);
    assert(tail_len > 0 && tail_len < TAIL_ROOM);

    m->id = id;
    m->event.at = m->bytes + HEAD_ROOM - head_len;
    m->event.len = (size_t)head_len + m->end - HEAD_ROOM + (size_t)tail_len;
    m->json.at = json;
    m->json.len = (size_t)(m->bytes + m->end - json) + (size_t)tail_len - 2;
}

struct message *message_ref(struct message *m)
{
    /* Whoever adds an owner is one: there is nothing to order. */
    atomic_fetch_add_explicit(&m->refs, 1, memory_order_relaxed);
    return m;
}

void message_unref(struct message *m)
{
    /* The last owner must see all that the others did before they let go. */
    if (m && atomic_fetch_sub_explicit(&m->refs, 1, memory_order_acq_rel) == 1)
        free(m);
}

struct event_id message_id(const struct message *m)
{
    return m->id;
}

struct slice message_event(const struct message *m)
{
    return m->event;
}

struct slice message_json(const struct message *m)
{
    return m->json;
}

size_t message_gap(char out[MESSAGE_GAP_SIZE], struct event_id after,
                   const struct event_id *oldest)
{
    char from[EVENT_ID_SIZE], to[EVENT_ID_SIZE] = "";
    const char *quote = oldest ? "\"" : "";

    event_id_print(after, from);
    if (oldest)
        event_id_print(*oldest, to);
    return (size_t)snprintf(
        out, MESSAGE_GAP_SIZE,
        "event: gap\ndata: {\"after\":\"%s\",\"oldest\":%s%s%s}\n\n", from,
        quote, oldest ? to : "null", quote);
}
