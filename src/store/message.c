/*
 * message: see message.h.
 *
 * The text is rendered before the id is known, with room left on both sides, so
 * that stamping moves none of it:
 *
 *   | room 5a retry:… id:… | data: {"text":"hello","timestamp": | 17…}     |
 *                HEAD_ROOM ^ written at once       stamped later ^ TAIL_ROOM
 */
#include "store/message.h"

#include "base/budget.h"
#include "base/decimal.h"
#include "store/event_text.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_END "\n\n"
#define CHUNK_END "\r\n"

enum {
    HEAD_ROOM = 112, /* chunk size, retry: and id: lines */
    TAIL_ROOM = 32,  /* the timestamp, the ends and a NUL */
};

struct message {
    atomic_uint refs;
    int retry_ms;
    struct budget *budget; /* that pays for it, or NULL */
    size_t size;           /* bytes, of the struct and of `bytes` */
    struct event_id id;
    struct slice chunk; /* the event in its chunk */
    struct slice event;
    struct slice data;   /* its JSON, or its lines */
    const char *channel; /* its name, at the end of `bytes` */
    size_t end;          /* of what message_new has rendered in `bytes` */
    char bytes[];
};

struct message *message_new(const struct event_text *text, int retry_ms)
{
    const size_t name_size = strlen(text->channel) + 1;
    const size_t len = event_text_size(text), end = HEAD_ROOM + len;
    const size_t size = sizeof(struct message) + end + TAIL_ROOM + name_size;
    struct message *m = len > 0 ? malloc(size) : NULL;

    if (!m)
        return NULL;
    atomic_init(&m->refs, 1);
    m->budget = NULL;
    m->event.at = NULL;
    m->size = size;
    m->retry_ms = retry_ms;
    m->data.at = event_text_print(text, m->bytes + HEAD_ROOM);
    if (!m->data.at) {
        free(m);
        return NULL;
    }
    m->end = end;
    m->channel = memcpy(m->bytes + end + TAIL_ROOM, text->channel, name_size);
    return m;
}

/* Writes the text so that it ends where `end` begins; returns its start. */
static char *put_before(char *end, const char *text, size_t len)
{
    return memcpy(end - len, text, len);
}

void message_stamp(struct message *m, struct event_id id, int64_t now_ms)
{
    char text[HEAD_ROOM], *at;
    char *data = m->bytes + HEAD_ROOM, *event, *chunk, *end;

    end = m->bytes + m->end;
    if (!m->channel[0])
        end = stpcpy(decimal_put(end, (uint64_t)now_ms), "}");
    end = stpcpy(end, EVENT_END);
    stpcpy(end, CHUNK_END);

    at = decimal_put(stpcpy(text, "retry: "), (uint64_t)m->retry_ms);
    at = stpcpy(at, "\nid: ");
    at = stpcpy(at + event_id_print(id, at), "\n");
    event = put_before(data, text, (size_t)(at - text));
    at = stpcpy(decimal_put_hex(text, (uint64_t)(end - event)), CHUNK_END);
    chunk = put_before(event, text, (size_t)(at - text));

    m->id = id;
    m->event = (struct slice){event, (size_t)(end - event)};
    m->chunk = (struct slice){chunk, (size_t)(end - chunk) + strlen(CHUNK_END)};
    m->data.len = (size_t)(end - m->data.at) - strlen(EVENT_END);
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
    if (!m || atomic_fetch_sub_explicit(&m->refs, 1, memory_order_acq_rel) > 1)
        return;
    budget_give(m->budget, m->size);
    free(m);
}

void message_charge(struct message *m, struct budget *budget)
{
    m->budget = budget;
    budget_force(budget, m->size);
}

const char *message_channel(const struct message *m)
{
    return m->channel;
}

bool message_same(const struct message *a, const struct message *b)
{
    return a->end == b->end && strcmp(a->channel, b->channel) == 0 &&
           memcmp(a->bytes + HEAD_ROOM, b->bytes + HEAD_ROOM,
                  a->end - HEAD_ROOM) == 0;
}

struct event_id message_id(const struct message *m)
{
    return m->id;
}

struct slice message_event(const struct message *m)
{
    return m->event;
}

struct slice message_chunk(const struct message *m)
{
    return m->chunk;
}

struct slice message_json(const struct message *m)
{
    return m->data;
}
