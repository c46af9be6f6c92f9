/* json_line: see json_line.h. */
#include "base/json_line.h"

#include <string.h>

enum { FLAGS = JSON_ENCODE_ANY | JSON_COMPACT };

static const struct {
    const char *utf8, *escape;
} line_breaks[] = {
    {"\xc2\x85", "\\u0085"},
    {"\xe2\x80\xa8", "\\u2028"},
    {"\xe2\x80\xa9", "\\u2029"},
};

enum { LINE_BREAKS = sizeof line_breaks / sizeof *line_breaks };

/* The escape for the line break that `text` begins with, or NULL. Sets the
 * line break's length. */
static const char *find_escape(const char *text, size_t len, size_t *used)
{
    if ((unsigned char)text[0] < 0x80)
        return NULL;
    for (size_t i = 0; i < LINE_BREAKS; i++) {
        *used = strlen(line_breaks[i].utf8);
        if (len >= *used && memcmp(text, line_breaks[i].utf8, *used) == 0)
            return line_breaks[i].escape;
    }
    return NULL;
}

/* How many bytes longer the escapes are than the line breaks. */
static size_t count_growth(const char *text, size_t len)
{
    size_t growth = 0, used;

    for (size_t i = 0; i < len; i++) {
        const char *escape = find_escape(text + i, len - i, &used);

        if (escape)
            growth += strlen(escape) - used;
    }
    return growth;
}

size_t json_line_size(const json_t *string)
{
    const size_t size = json_dumpb(string, NULL, 0, FLAGS);

    if (size == 0)
        return 0;
    return size +
           count_growth(json_string_value(string), json_string_length(string));
}

size_t json_line_print(const json_t *string, char *out, size_t size)
{
    const size_t growth =
        count_growth(json_string_value(string), json_string_length(string));
    /* At the end of `out`, so that the escapes do not overtake it. */
    const char *from = out + growth, *end = out + size;
    char *to = out;
    size_t used;

    if (json_dumpb(string, out + growth, size - growth, FLAGS) == 0)
        return 0;
    while (from < end) {
        const char *escape = find_escape(from, (size_t)(end - from), &used);

        if (!escape) {
            *to++ = *from++;
            continue;
        }
        while (*escape)
            *to++ = *escape++;
        from += used;
    }
    return (size_t)(to - out);
}
