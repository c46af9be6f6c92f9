/* raw_json: see raw_json.h. */
#include "pages/raw_json.h"

#include "store/event_lines.h"

#include <stdio.h>
#include <string.h>

/* Where it prints; NULL: it only counts. */
struct printer {
    char *out;
    size_t len;
};

static void put(struct printer *p, struct slice text)
{
    if (p->out && text.len > 0)
        memcpy(p->out + p->len, text.at, text.len);
    p->len += text.len;
}

static bool must_escape(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* What stands between the quotes of a string (RFC 8259, 7). */
static void put_escaped(struct printer *p, struct slice text)
{
    char escape[8];

    while (text.len > 0) {
        size_t plain = 0;

        while (plain < text.len && !must_escape(text.at[plain]))
            plain++;
        put(p, (struct slice){text.at, plain});
        if (plain == text.len)
            return;
        snprintf(escape, sizeof escape, "\\u%04x",
                 (unsigned)(unsigned char)text.at[plain]);
        put(p, slice_of(escape));
        text.at += plain + 1;
        text.len -= plain + 1;
    }
}

static void put_data(struct printer *p, struct slice event)
{
    struct slice line;
    bool first = true;

    while (event_lines_next(&event, &line)) {
        if (!first)
            put(p, slice_of("\\n"));
        first = false;
        put_escaped(p, line);
    }
}

static void put_message(struct printer *p, const struct message *m)
{
    const struct slice event = message_event(m);
    const struct slice name = event_lines_name(event);
    char id[EVENT_ID_SIZE];

    event_id_print(message_id(m), id);
    put(p, slice_of("{\"id\":\""));
    put(p, slice_of(id));
    if (name.len > 0) {
        put(p, slice_of("\",\"event\":\""));
        put_escaped(p, name);
    }
    put(p, slice_of("\",\"data\":\""));
    put_data(p, event);
    put(p, slice_of("\"}"));
}

size_t raw_json_print(const struct store_batch *batch, char *out)
{
    struct printer p = {out, 0};

    for (size_t i = 0; i < batch->count; i++) {
        put(&p, slice_of(i == 0 ? "[" : ","));
        put_message(&p, batch->messages[i]);
    }
    put(&p, slice_of("]"));
    return p.len;
}
