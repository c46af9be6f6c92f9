/*
 * message: see message.h.
 *
 * The text is rendered before the id is known, with room left on both sides,
 * so that stamping moves none of it:
 *
 *     | room  retry:… id:… | data: {"text":"hello","timestamp": | 17…}\n\n |
 *                   HEAD_ROOM ^ written at once       stamped later ^
 */
#include "store/message.h"

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

struct message *message_new(const json_t *text, int retry_ms)
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
    /* The caller is an owner already, so there is nothing to order. */
    atomic_fetch_add_explicit(&m->refs, 1, memory_order_relaxed);
    return m;
}

void message_unref(struct message *m)
{
    /* The last owner must see all that the others did before their unref. */
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
