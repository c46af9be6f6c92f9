/* event_id: see event_id.h. */
#include "store/event_id.h"

#include "base/decimal.h"
#include "base/slice.h"

#include <string.h>

/* A number without leading zeros. */
static bool parse_number(struct slice s, uint64_t max, uint64_t *number)
{
    return slice_number(s, max, number) && (s.len == 1 || s.at[0] != '0');
}

bool event_id_parse(const char *text, size_t len, struct event_id *id)
{
    struct slice nth_text = {text, len}, ms_text = slice_cut(&nth_text, '-');
    uint64_t ms, nth = 0;

    if (len > LIMIT_EVENT_ID || !parse_number(ms_text, INT64_MAX, &ms))
        return false;
    if (nth_text.at && (!parse_number(nth_text, UINT64_MAX, &nth) || nth == 0))
        return false;
    id->ms = (int64_t)ms;
    id->nth = nth;
    return true;
}

size_t event_id_print(struct event_id id, char out[EVENT_ID_SIZE])
{
    char *end = decimal_put(out, (uint64_t)id.ms);

    if (id.nth > 0)
        end = decimal_put(stpcpy(end, "-"), id.nth);
    return (size_t)(end - out);
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
