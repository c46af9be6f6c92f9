/* wishes: see wishes.h. */
#include "pages/wishes.h"

#include "base/log.h"
#include "http/target.h"

static bool read_limit(const struct request *r, struct wishes *w)
{
    char text[64];

    w->limit = UINT64_MAX;
    if (!target_query(r->query, "limit", text, sizeof text))
        return true;
    return slice_number(slice_of(text), LIMIT_STREAM_MESSAGES, &w->limit) &&
           w->limit > 0;
}

/* The field wins: an EventSource that reconnects repeats its URL. */
static void read_last_event_id(const struct request *r, struct wishes *w)
{
    struct slice id = request_field(r, "Last-Event-ID");

    if (!id.at && target_query(r->query, "lastEventId", w->parameter,
                               sizeof w->parameter))
        id = slice_of(w->parameter);
    w->last_event_id = id;
    w->after = (struct event_id){0, 0};
    w->has_after = id.at && event_id_parse(id.at, id.len, &w->after);
}

bool wishes_read(struct wishes *w, const struct request *r)
{
    read_last_event_id(r, w);
    return read_limit(r, w);
}

void wishes_log(const struct wishes *w)
{
    char id[LOG_TEXT];

    if (w->last_event_id.at)
        log_event("subscriber comes, Last-Event-ID: %s",
                  log_escape(w->last_event_id, id));
    else
        log_event("subscriber comes");
}
