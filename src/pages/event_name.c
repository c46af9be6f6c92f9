/* event_name: see event_name.h. */
#include "pages/event_name.h"

#include "base/limit.h"
#include "base/utf8.h"

#include <string.h>

/* Where some client would end a line. */
static const char *const line_ends[] = {"\n", "\r", "\xc2\x85", "\xe2\x80\xa8",
                                        "\xe2\x80\xa9"};

static bool breaks_lines(struct slice name)
{
    for (size_t i = 0; i < sizeof line_ends / sizeof *line_ends; i++)
        if (name.len > 0 &&
            memmem(name.at, name.len, line_ends[i], strlen(line_ends[i])))
            return true;
    return name.len > 0 && memchr(name.at, '\0', name.len);
}

const char *event_name_wrong(struct slice name)
{
    if (name.len > LIMIT_EVENT_NAME || !utf8_valid(name))
        return "\"event\" must be a string of at most 64 bytes";
    if (breaks_lines(name))
        return "\"event\" must not have a line break or U+0000";
    if (slice_is(name, "gap"))
        return "the event \"gap\" is the server's own";
    return NULL;
}

bool event_name_is_none(struct slice name)
{
    return name.len == 0 || slice_is(name, "message");
}
