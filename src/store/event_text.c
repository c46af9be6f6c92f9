/* event_text: see event_text.h. */
#include "store/event_text.h"

#include "base/json_line.h"
#include "store/event_lines.h"

#include <string.h>

#define NAME_FIELD  "event: "
#define DATA_FIELD  "data: "
#define TEXT_MEMBER "{\"text\":"
#define NAME_MEMBER ",\"event\":"
#define TIME_MEMBER ",\"timestamp\":"

static size_t json_size(const json_t *text, const json_t *name)
{
    const size_t text_size = json_line_size(text);
    const size_t name_size = name ? json_line_size(name) : 0;
    size_t size = strlen(DATA_FIELD TEXT_MEMBER TIME_MEMBER) + text_size;

    if (text_size == 0 || (name && name_size == 0))
        return 0;
    if (name)
        size += strlen(NAME_FIELD "\n" NAME_MEMBER) + json_string_length(name) +
                name_size;
    return size;
}

/* Returns where the next byte belongs. */
static char *put(char *out, const char *text, size_t len)
{
    return (char *)memcpy(out, text, len) + len;
}

/* The same for JSON. Returns NULL if memory runs out. */
static char *put_string(char *out, const json_t *string)
{
    const size_t len = json_line_print(string, out, json_line_size(string));

    return len > 0 ? out + len : NULL;
}

static char *print_json(const json_t *text, const json_t *name, char *out)
{
    char *json;

    if (name) {
        out = put(out, NAME_FIELD, strlen(NAME_FIELD));
        out = put(out, json_string_value(name), json_string_length(name));
        out = put(out, "\n", 1);
    }
    json = out = put(out, DATA_FIELD, strlen(DATA_FIELD));
    out = put(out, TEXT_MEMBER, strlen(TEXT_MEMBER));
    out = put_string(out, text);
    if (out && name) {
        out = put(out, NAME_MEMBER, strlen(NAME_MEMBER));
        out = put_string(out, name);
    }
    if (!out)
        return NULL;
    put(out, TIME_MEMBER, strlen(TIME_MEMBER));
    return json;
}

size_t event_text_size(const struct event_text *t)
{
    return t->channel[0] ? event_lines_size(t->raw_name, t->raw)
                         : json_size(t->text, t->name);
}

char *event_text_print(const struct event_text *t, char *out)
{
    if (!t->channel[0])
        return print_json(t->text, t->name, out);
    event_lines_print(t->raw_name, t->raw, out);
    return out;
}
