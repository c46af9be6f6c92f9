/* timeline_json: see timeline_json.h. */
#include "threads/timeline_json.h"

#include "base/clock.h"
#include "store/inspect.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const steps[TRACE_STEPS] = {
    [TRACE_ASKS] = "asks",         [TRACE_PUBLISHES] = "publishes",
    [TRACE_PUBLISHED] = "answers", [TRACE_SLEEPS] = "sleeps",
    [TRACE_WAKES] = "wakes",       [TRACE_KEEPS] = "keeps",
    [TRACE_LEAVES] = "leaves",     [TRACE_ENDS] = "ends",
    [TRACE_GIVES] = "gives",       [TRACE_POKES] = "pokes",
    [TRACE_NUDGES] = "nudges",     [TRACE_HOLDS] = "holds",
    [TRACE_RELEASES] = "releases",
};

/* Why it left the store. */
static const char *const news[] = {
    [STORE_MESSAGES] = "messages", [STORE_HEARTBEAT] = "heartbeat",
    [STORE_POKED] = "poked",       [STORE_TIMEOUT] = "timeout",
    [STORE_CLOSED] = "closed",
};

ssize_t timeline_read(struct context *context, struct timeline_span span,
                      struct trace_entry **entries)
{
    uint64_t room = span.until - span.from;
    size_t n;

    if (room > TRACE_SIZE)
        room = TRACE_SIZE;
    *entries = malloc((size_t)(room + 1) * sizeof **entries);
    if (!*entries)
        return -1;
    n = trace_read(store_trace(context->store), span.from, *entries,
                   (size_t)room);
    /* Those that have come since then may fill the places of lost ones. */
    while (n > 0 && (*entries)[n - 1].number >= span.until)
        n--;
    return (ssize_t)n;
}

/* [us,thread,"step",what,"id"]; what is not known is left out at the end. */
static void print_step(FILE *out, const struct trace_entry *e, int64_t start)
{
    char id[EVENT_ID_SIZE];

    fprintf(out, "[%" PRId64 ",%d,\"%s\"", (e->ns - start) / 1000,
            (int)e->thread, steps[e->step]);
    if (e->step == TRACE_LEAVES)
        fprintf(out, ",\"%s\"", news[e->other]);
    else if (e->other != 0 || e->id.ms != 0)
        fprintf(out, ",%d", e->other);
    if (e->id.ms != 0) {
        event_id_print(e->id, id);
        fprintf(out, ",\"%s\"", id);
    }
    fputc(']', out);
}

char *timeline_json_event(struct context *context, struct timeline_span span,
                          size_t *len)
{
    const int64_t start = context->started * 1000000;
    struct trace_entry *entries;
    const ssize_t n = timeline_read(context, span, &entries);
    char *text = NULL;
    FILE *out = n < 0 ? NULL : open_memstream(&text, len);
    bool failed;

    if (!out) {
        if (n >= 0)
            free(entries);
        return NULL;
    }
    fprintf(out,
            "data: {\"now\":%" PRId64 ",\"us\":%" PRId64 ",\"lost\":%" PRIu64
            ",\"steps\":[",
            clock_realtime_ms(),
            (clock_monotonic_ms() - context->started) * 1000,
            span.until - span.from - (uint64_t)n);
    for (ssize_t i = 0; i < n; i++) {
        if (i > 0)
            fputc(',', out);
        print_step(out, &entries[i], start);
    }
    fputs("]}\n\n", out);
    free(entries);
    failed = ferror(out) != 0;
    if (fclose(out) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}
