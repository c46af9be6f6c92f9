/* strips: see strips.h. */
#include "threads/strips.h"

#include "store/inspect.h"

#include <stdlib.h>

static void drop(struct shared_look *look)
{
    struct strip *strip = (struct strip *)look;

    free((char *)(uintptr_t)strip->steps.at);
    shared_text_free(&strip->all);
    free(strip);
}

static struct shared_look *take(const struct shared_look *before,
                                struct context *context)
{
    const struct strip *last = (const struct strip *)before;
    struct strip *strip = calloc(1, sizeof *strip);

    if (!strip)
        return NULL;
    strip->span.until = trace_count(store_trace(context->store));
    strip->span.from = last ? last->span.until : strip->span.until;
    strip->steps.at =
        timeline_json_event(context, strip->span, &strip->steps.len);
    if (strip->steps.at)
        return &strip->shared;
    drop(&strip->shared);
    return NULL;
}

static struct slice all(struct shared_look *look, struct context *context)
{
    struct strip *strip = (struct strip *)look;
    struct slice text = shared_text(&strip->all);
    struct timeline_span span = {0, strip->span.until};
    size_t len;
    char *made;

    if (text.at)
        return text;
    if (span.until > TRACE_SIZE)
        span.from = span.until - TRACE_SIZE;
    made = timeline_json_event(context, span, &len);
    return shared_text_set(&strip->all, made, len);
}

const struct shared_kind strips = {take, all, drop};
