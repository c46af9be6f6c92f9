/* slice: see slice.h. */
#include "base/slice.h"

#include <string.h>
#include <strings.h>

struct slice slice_of(const char *string)
{
    return (struct slice){string, string ? strlen(string) : 0};
}

bool slice_is(struct slice s, const char *string)
{
    /* memcmp may not be given NULL, not even for no bytes at all. */
    return s.len == strlen(string) &&
           (s.len == 0 || memcmp(s.at, string, s.len) == 0);
}

bool slice_is_nocase(struct slice s, const char *string)
{
    return slice_same_nocase(s, slice_of(string));
}

bool slice_same_nocase(struct slice a, struct slice b)
{
    return a.len == b.len &&
           (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

bool slice_number(struct slice s, uint64_t max, uint64_t *number)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint64_t digit = (uint64_t)(s.at[i] - '0');

        if (s.at[i] < '0' || s.at[i] > '9' || n > max / 10 ||
            digit > max - n * 10)
            return false;
        n = n * 10 + digit;
    }
    if (s.len > 0)
        *number = n;
    return s.len > 0;
}

struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t')) {
        s.at++;
        s.len--;
    }
    while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

struct slice slice_cut(struct slice *rest, char separator)
{
    struct slice part = *rest;
    const char *end = part.len ? memchr(part.at, separator, part.len) : NULL;

    if (!end) {
        *rest = (struct slice){NULL, 0};
        return part;
    }
    part.len = (size_t)(end - part.at);
    rest->at = end + 1;
    rest->len -= part.len + 1;
    return part;
}
