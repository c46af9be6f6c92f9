/* event_id: see event_id.h. */
#include "event_id.h"

#include <inttypes.h>
#include <stdio.h>

/* Moves *at over a decimal number of at most max; false if there is none. */
static bool parse_number(const char **at, const char *end, uint64_t max,
                         uint64_t *number)
{
    const char *p = *at;
    uint64_t n = 0;

    while (p < end && *p >= '0' && *p <= '9') {
        uint64_t digit = (uint64_t)(*p - '0');

        if (n > (max - digit) / 10)
            return false;
        n = n * 10 + digit;
        p++;
    }
    if (p == *at || (**at == '0' && p - *at > 1))
        return false;
    *at = p;
    *number = n;
    return true;
}

bool event_id_parse(const char *text, size_t len, struct event_id *id)
{
    const char *at = text, *end = text + len;
    uint64_t ms, nth = 0;

    if (len == 0 || len > EVENT_ID_MAX)
        return false;
    if (!parse_number(&at, end, INT64_MAX, &ms))
        return false;
    if (at < end) {
        if (*at++ != '-' || !parse_number(&at, end, UINT64_MAX, &nth))
            return false;
        if (nth == 0 || at < end)
            return false;
    }
    id->ms = (int64_t)ms;
    id->nth = nth;
    return true;
}

size_t event_id_print(struct event_id id, char out[EVENT_ID_SIZE])
{
    int len = id.nth == 0 ? snprintf(out, EVENT_ID_SIZE, "%" PRId64, id.ms)
                          : snprintf(out, EVENT_ID_SIZE, "%" PRId64 "-%" PRIu64,
                                     id.ms, id.nth);

    return (size_t)len;
}

int event_id_compare(struct event_id a, struct event_id b)
{
    if (a.ms != b.ms)
        return a.ms < b.ms ? -1 : 1;
    if (a.nth != b.nth)
        return a.nth < b.nth ? -1 : 1;
    return 0;
}

struct event_id event_id_next(struct event_id last, int64_t now_ms)
{
    if (now_ms > last.ms)
        return (struct event_id){.ms = now_ms, .nth = 0};
    return (struct event_id){.ms = last.ms, .nth = last.nth + 1};
}
