/* event_lines: see event_lines.h. */
#include "store/event_lines.h"

#include <string.h>

#define NAME_FIELD "event: "
#define DATA_FIELD "data: "

/* Cuts the first line off *rest; rest->at becomes NULL behind the last one. */
static struct slice cut_line(struct slice *rest)
{
    struct slice line = *rest;
    size_t end = 0;

    while (end < rest->len && rest->at[end] != '\n' && rest->at[end] != '\r')
        end++;
    line.len = end;
    if (end == rest->len) {
        *rest = (struct slice){NULL, 0};
        return line;
    }
    end += rest->at[end] == '\r' && end + 1 < rest->len &&
           rest->at[end + 1] == '\n';
    rest->at += end + 1;
    rest->len -= end + 1;
    return line;
}

/* An empty text is one empty line. */
static struct slice begin(struct slice text)
{
    return text.len > 0 ? text : slice_of("");
}

size_t event_lines_size(struct slice name, struct slice text)
{
    struct slice rest = begin(text);
    size_t size = name.len > 0 ? strlen(NAME_FIELD "\n") + name.len : 0;

    while (rest.at)
        size += strlen(DATA_FIELD "\n") + cut_line(&rest).len;
    return size - strlen("\n");
}

/* Returns where the next byte belongs. */
static char *put(char *out, struct slice s)
{
    if (s.len > 0)
        memcpy(out, s.at, s.len);
    return out + s.len;
}

void event_lines_print(struct slice name, struct slice text, char *out)
{
    struct slice rest = begin(text);

    if (name.len > 0) {
        out = put(out, slice_of(NAME_FIELD));
        out = put(out, name);
        *out++ = '\n';
    }
    while (rest.at) {
        out = put(out, slice_of(DATA_FIELD));
        out = put(out, cut_line(&rest));
        if (rest.at)
            *out++ = '\n';
    }
}

/* True if the line is this field; then cuts the field's name off. */
static bool cut_field(struct slice *line, const char *field)
{
    const size_t len = strlen(field);

    if (line->len < len || memcmp(line->at, field, len) != 0)
        return false;
    line->at += len;
    line->len -= len;
    return true;
}

struct slice event_lines_name(struct slice event)
{
    while (event.at) {
        struct slice line = slice_cut(&event, '\n');

        if (cut_field(&line, NAME_FIELD))
            return line;
    }
    return (struct slice){NULL, 0};
}

bool event_lines_next(struct slice *event, struct slice *line)
{
    while (event->at) {
        *line = slice_cut(event, '\n');
        if (cut_field(line, DATA_FIELD))
            return true;
    }
    return false;
}

size_t event_lines_text(struct slice event, char *out)
{
    struct slice line;
    char *end = out;

    while (event_lines_next(&event, &line)) {
        end = put(end, line);
        *end++ = '\n';
    }
    return (size_t)(end - out) - (end > out);
}
