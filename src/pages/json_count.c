/* json_count: see json_count.h. */
#include "pages/json_count.h"

#include <stdbool.h>

/* Where the string ends that begins at i: its last quote, or the text's end. */
static size_t string_end(struct slice text, size_t i)
{
    for (i++; i < text.len && text.at[i] != '"'; i++)
        if (text.at[i] == '\\')
            i++;
    return i;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

struct json_count json_count(struct slice text)
{
    struct json_count most = {0, 0};
    size_t values = 0, depth = 0;
    bool expected = true; /* a value, or a member's name, may begin here */

    for (size_t i = 0; i < text.len; i++) {
        const char c = text.at[i];

        switch (c) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            continue;
        case ',':
            expected = true;
            continue;
        case ':': /* so the string in front of it was a name */
            values -= values > 0;
            expected = true;
            continue;
        case ']':
        case '}':
            depth -= depth > 0;
            expected = false;
            continue;
        default:
            break;
        }
        values += expected;
        expected = c == '[' || c == '{';
        depth += expected;
        if (c == '"')
            i = string_end(text, i);
        most.depth = larger(most.depth, depth);
        most.values = larger(most.values, values);
    }
    return most;
}
