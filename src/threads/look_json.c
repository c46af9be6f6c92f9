/* look_json: see look_json.h. */
#include "threads/look_json.h"

#include "base/clock.h"
#include "journal/journal.h"
#include "threads/gallery.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POKE_MS = 10 * 1000 };

#define EVENT_START "data: "
#define EVENT_END   "\n\n"

static const char *const places[] = {
    [STORE_IDLE] = "idle",
    [STORE_READY] = "ready",
    [STORE_TURN] = "turn",
    [STORE_OUTSIDE] = "writing",
};

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

/* What may change while the thread lives; NULL if memory runs out. */
static json_t *row(const struct thread *t, int64_t now)
{
    json_t *since = t->since ? json_integer(now > t->since ? now - t->since : 0)
                             : json_null();

    return json_pack(
        "{s:I, s:s, s:s?, s:s?, s:s?, s:s, s:o, s:s?, s:I, s:s?, s:s?}", "id",
        (json_int_t)t->number, "role", t->role, "blocked_in", t->call,
        "system_call", t->proc.system, "wchan", or_null(t->proc.wchan),
        "source", t->proc.known ? "proc" : "record", "since_ms", since,
        "request", or_null(t->request), "sent", (json_int_t)t->sent, "place",
        t->subscriber ? places[t->place] : NULL, "channel",
        or_null(t->channel));
}

/* What is told once. -1 if memory runs out. */
static int add_identity(json_t *json, const struct thread *t)
{
    char peer[PEER_SIZE];
    int result = json_object_set_new(json, "tid", json_integer(t->tid));

    return result | json_object_set_new(
                        json, "client",
                        json_pack("s?", or_null(peer_print(&t->peer, peer))));
}

static void print_store(FILE *out, const struct look *now,
                        const struct store_stats *stats)
{
    size_t count[sizeof places / sizeof *places] = {0};
    char last[EVENT_ID_SIZE];

    for (size_t i = 0; i < now->count; i++)
        if (now->rows[i].subscriber)
            count[now->rows[i].place]++;
    event_id_print(stats->last, last);
    fprintf(out,
            "\"store\":{\"idle\":%zu,\"ready\":%zu,\"turn\":%zu,"
            "\"writing\":%zu,\"turns\":%zu,\"free_turns\":%zu,"
            "\"published\":%" PRIu64 ",\"last_id\":\"%s\",\"channels\":%zu",
            count[STORE_IDLE], count[STORE_READY], count[STORE_TURN],
            count[STORE_OUTSIDE], stats->turns, stats->free_turns,
            stats->published, last, stats->channels);
}

/* The batch that the journal's thread keeps, and the messages behind it. */
static void print_journal(FILE *out, struct context *context)
{
    const struct journal_stats stats = journal_stats(context->journal);

    if (stats.kept)
        fprintf(
            out,
            ",\"journal\":{\"waiting\":%zu,\"batch\":%zu,\"batches\":%" PRIu64
            ",\"messages\":%" PRIu64 ",\"down\":%s}",
            stats.waiting, stats.batch, stats.batches, stats.messages,
            stats.down ? "true" : "false");
}

/* The threads of one look that the other does not have, or has otherwise. Both
 * are in the same order. -1 if memory runs out. */
static int print_threads(FILE *out, const struct look *now,
                         const struct look *before)
{
    const int64_t ms = clock_monotonic_ms();
    const char *comma = "";
    size_t b = 0;
    int result = 0;

    fputs(",\"threads\":[", out);
    for (size_t i = 0; i < now->count; i++) {
        const struct thread *t = &now->rows[i];
        json_t *json;

        while (before && b < before->count &&
               before->rows[b].number < t->number)
            b++;
        if (before && b < before->count && look_same(t, &before->rows[b]))
            continue;
        json = row(t, ms);
        if (!before || b == before->count ||
            before->rows[b].number != t->number)
            result |= add_identity(json, t);
        fputs(comma, out);
        result |= json_dumpf(json, out, JSON_COMPACT);
        json_decref(json);
        comma = ",";
    }
    fputc(']', out);
    return result;
}

static void print_gone(FILE *out, const struct look *now,
                       const struct look *before)
{
    const char *comma = "";
    size_t n = 0;

    fputs(",\"gone\":[", out);
    for (size_t b = 0; b < before->count; b++) {
        const uint64_t number = before->rows[b].number;

        while (n < now->count && now->rows[n].number < number)
            n++;
        if (n < now->count && now->rows[n].number == number)
            continue;
        fprintf(out, "%s%" PRIu64, comma, number);
        comma = ",";
    }
    fputc(']', out);
}

/* For some seconds everybody sees what was poked, and by whom. */
static void print_poke(FILE *out, struct context *context)
{
    const struct gallery_poke poke = gallery_poke(gallery_of(context));
    const int64_t age = clock_monotonic_ms() - poke.at;

    if (poke.kind && age < POKE_MS)
        fprintf(out,
                "\"poke\":{\"kind\":\"%s\",\"thread\":%d,\"by\":\"%s\","
                "\"ms\":%" PRId64 "},",
                poke.kind, (int)poke.thread, poke.by, age);
}

char *look_json_event(const struct look *now, const struct look *before,
                      struct context *context, size_t *len)
{
    const struct store_stats stats = now->store;
    char *text = NULL;
    FILE *out = open_memstream(&text, len);
    bool failed;

    if (!out)
        return NULL;
    fprintf(out,
            EVENT_START "{\"now\":%" PRId64 ",\"classroom\":%s,\"slow_ms\":%d,",
            clock_realtime_ms(), context->settings.classroom ? "true" : "false",
            stats.slow_ms);
    if (stats.stepping)
        fprintf(out, "\"step\":{\"by\":\"%s\",\"left_ms\":%" PRId64 "},",
                stats.step_by, stats.step_left_ms);
    print_poke(out, context);
    print_store(out, now, &stats);
    print_journal(out, context);
    fputc('}', out);
    failed = print_threads(out, now, before) < 0;
    if (before)
        print_gone(out, now, before);
    fputs("}" EVENT_END, out);
    failed |= ferror(out) != 0;
    if (fclose(out) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}
