/* words: see words.h. */
#include "pages/words.h"

#include "pages/script.h"

#include <stdlib.h>
#include <string.h>

static size_t put(char *out, size_t at, const char *text, size_t len)
{
    if (len > 0)
        memcpy(out + at, text, len);
    return at + len;
}

/* Joins the values of the fields `data` by line breaks. Returns the length. */
static size_t join_data(struct slice event, char *out)
{
    size_t len = 0;
    bool any = false;

    while (event.len > 0) {
        struct slice value;

        if (!script_field(script_line(&event), "data", &value))
            continue;
        if (any)
            len = put(out, len, "\n", 1);
        len = put(out, len, value.at, value.len);
        any = true;
    }
    return len;
}

bool words_begin(struct words *w, struct slice event)
{
    *w = (struct words){.event = event, .data = malloc(event.len + 1)};
    if (!w->data)
        return false;
    w->len = join_data(event, w->data);
    if (w->len > 0 && w->data[0] != '{' && w->data[0] != '[')
        /* A piece has at most all lines, which may now end with LF instead of
         * the text; for each line break of the data, a line `data: `, where
         * the event has a line `data`; and an empty line. */
        w->out = malloc(3 * event.len + 16);
    if (!w->out)
        words_end(w);
    return w->out != NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Where the next piece ends; blanks behind the last word belong to it. */
static size_t find_end(const struct words *w)
{
    size_t end = w->at, behind;

    while (end < w->len && is_blank(w->data[end]))
        end++;
    while (end < w->len && !is_blank(w->data[end]))
        end++;
    behind = end;
    while (behind < w->len && is_blank(w->data[behind]))
        behind++;
    return behind == w->len ? behind : end;
}

/* The lines of the event that are not its data; of all pieces but the last,
 * only `event:`. */
static size_t put_lines(const struct words *w, bool last)
{
    struct slice event = w->event, value;
    size_t len = 0;

    while (event.len > 0) {
        const struct slice line = script_line(&event);

        if (line.len == 0 || script_field(line, "data", &value) ||
            (!last && !script_field(line, "event", &value)))
            continue;
        len = put(w->out, len, line.at, line.len);
        len = put(w->out, len, "\n", 1);
    }
    return len;
}

bool words_next(struct words *w, struct slice *piece)
{
    const size_t end = find_end(w);
    struct slice rest = {w->data + w->at, end - w->at};
    size_t len;

    if (w->at == w->len)
        return false;
    len = put_lines(w, end == w->len);
    while (rest.at) {
        const struct slice line = slice_cut(&rest, '\n');

        len = put(w->out, len, "data: ", 6);
        len = put(w->out, len, line.at, line.len);
        len = put(w->out, len, "\n", 1);
    }
    len = put(w->out, len, "\n", 1);
    w->at = end;
    *piece = (struct slice){w->out, len};
    return true;
}

void words_end(struct words *w)
{
    free(w->data);
    free(w->out);
}
