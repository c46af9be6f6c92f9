/* player: see player.h. */
#include "pages/player.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/reset.h"
#include "pages/words.h"
#include "server/clients.h"
#include "server/event_stream.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

enum { BYTE_MS = 1 }; /* between two bytes of an event that is split */

/* What becomes of the stream after a step. */
enum outcome {
    GOES_ON,
    COMPLETE, /* the last chunk ends it */
    BROKEN,   /* the connection closes without it */
    STOPPED,  /* the server stops */
};

struct player *player_new(size_t size, struct budget *budget)
{
    struct player *p;

    if (!budget_take(budget, size))
        return NULL;
    p = malloc(sizeof *p + size);
    if (!p) {
        budget_give(budget, size);
        return NULL;
    }
    *p = (struct player){.speed = 1, .budget = budget, .size = size};
    return p;
}

void player_free(struct player *p)
{
    budget_give(p->budget, p->size);
    free(p);
}

/* ---- sleep ------------------------------------------------------------ */

/* The client has closed, or only finished sending, as `nc -N` does. If it has
 * closed, it answers a comment with a reset, which poll(2) reports. */
static enum outcome probe(struct player *p)
{
    p->half_closed = true;
    return stream_write_chunk(p->stream, slice_of(":\n")) < 0 ? BROKEN
                                                              : GOES_ON;
}

/* Sleeps for ms. `between` two lines a comment may be sent. */
static enum outcome sleep_ms(struct player *p, int64_t ms, bool between)
{
    const int64_t until = clock_deadline(ms);
    enum event_stream_pause why;

    do
        why = event_stream_pause(p->stream, p->context->clients, until,
                                 between && !p->half_closed);
    while (why == PAUSE_HALF_CLOSED && probe(p) == GOES_ON);
    switch (why) {
    case PAUSE_OVER:
        return GOES_ON;
    case PAUSE_STOPPED:
        return STOPPED;
    default:
        return BROKEN;
    }
}

/* A wait of the script. */
static enum outcome wait_ms(struct player *p, int64_t ms)
{
    const uint32_t jitter = (uint32_t)p->script.jitter_ms;
    const double most = LIMIT_PLAY_MS;
    double longer;

    if (jitter > 0)
        ms += arc4random_uniform(jitter + 1);
    longer = (double)ms / p->speed;
    return sleep_ms(p, (int64_t)(longer < most ? longer : most), true);
}

/* ---- send ------------------------------------------------------------- */

static enum outcome send_bytes(struct player *p, struct slice bytes)
{
    return stream_write_chunk(p->stream, bytes) < 0 ? BROKEN : GOES_ON;
}

static enum outcome send_split(struct player *p, struct slice bytes)
{
    enum outcome outcome = GOES_ON;

    for (size_t i = 0; i < bytes.len && outcome == GOES_ON; i++) {
        outcome = send_bytes(p, (struct slice){bytes.at + i, 1});
        if (outcome == GOES_ON)
            outcome = sleep_ms(p, BYTE_MS, i + 1 == bytes.len);
        if (outcome == STOPPED && i + 1 < bytes.len)
            outcome = BROKEN; /* nothing may be sent behind half a line */
    }
    return outcome;
}

static enum outcome send_words(struct player *p, struct words *w)
{
    enum outcome outcome = GOES_ON;
    struct slice piece;

    for (int i = 0; outcome == GOES_ON && words_next(w, &piece); i++) {
        if (i > 0)
            outcome = wait_ms(p, p->words_ms);
        if (outcome == GOES_ON)
            outcome = send_bytes(p, piece);
    }
    words_end(w);
    return outcome;
}

static enum outcome send_step(struct player *p, const struct script_step *step)
{
    enum outcome outcome;
    struct words words;

    if (step->split)
        outcome = send_split(p, step->bytes);
    else if (p->words_ms > 0 && step->whole && step->bytes.len <= LIMIT_WORDS &&
             words_begin(&words, step->bytes))
        outcome = send_words(p, &words);
    else
        outcome = send_bytes(p, step->bytes);
    if (step->whole && !step->silent)
        client_mark(p->client, ++p->sent);
    return outcome;
}

/* An event that the script's end leaves open is complete all the same. */
static enum outcome close_event(struct player *p,
                                const struct script_step *step)
{
    enum outcome outcome;

    if (!step->open)
        return GOES_ON;
    outcome = send_bytes(p, slice_of("\n"));
    if (p->script.fields)
        client_mark(p->client, ++p->sent);
    return outcome;
}

/* ---- play ------------------------------------------------------------- */

/* A loop without a wait would take a whole core. */
static enum outcome begin_again(struct player *p,
                                const struct script_step *step)
{
    const int64_t took = clock_monotonic_ms() - p->round;
    enum outcome outcome = close_event(p, step);

    if (outcome == GOES_ON)
        outcome = sleep_ms(p, LIMIT_PLAY_ROUND_MS - took, true);
    p->round = clock_monotonic_ms();
    script_begin(&p->script, p->script.text);
    return outcome;
}

static enum outcome play_step(struct player *p)
{
    const struct script_step step = script_next(&p->script);

    switch (step.kind) {
    case SCRIPT_SEND:
        return send_step(p, &step);
    case SCRIPT_WAIT:
        return wait_ms(p, step.ms);
    case SCRIPT_STALL:
        return sleep_ms(p, step.ms, true);
    case SCRIPT_LOOP:
        return begin_again(p, &step);
    case SCRIPT_RESET:
        reset_connection(p->stream);
        return BROKEN;
    case SCRIPT_END:
        return close_event(p, &step) == GOES_ON ? COMPLETE : BROKEN;
    default: /* drop; the others cannot come: see script_check */
        return BROKEN;
    }
}

/* A client that has half an event must not take it for a whole one. */
static void end(struct player *p, enum outcome outcome)
{
    if (outcome == COMPLETE)
        stream_end_chunks(p->stream);
    else if (outcome == STOPPED && !p->script.open)
        event_stream_end(p->stream);
}

void player_run(struct context *context, struct client *client,
                struct stream *stream, const struct afterwards *self)
{
    struct player *p = self->data;
    const double started = clock_seconds();
    enum outcome outcome;

    p->context = context;
    p->client = client;
    p->stream = stream;
    p->round = clock_monotonic_ms();
    pthread_setname_np(pthread_self(), "player");
    stream_only_sends(stream);
    clients_interruptible(context->clients, client);
    do
        outcome = play_step(p);
    while (outcome == GOES_ON);
    end(p, outcome);
    log_event("player goes after %.3f s, %" PRIu64 " events",
              clock_seconds() - started, p->sent);
    player_free(p);
}
