/*
 * votes: see votes.h.
 *
 * A page that waits for votes is no subscriber: its thread sleeps in poll(2) on
 * its own socket, and looks a few times a second whether something has changed.
 */
#include "pages/votes.h"

#include "base/clock.h"
#include "http/target.h"
#include "pages/vote_body.h"
#include "pages/votes_state.h"
#include "server/clients.h"
#include "server/event_stream.h"

#include <string.h>

enum { LOOK_MS = 200 };

/* Made at the first call, and stays. NULL if memory runs out. */
static struct ballot *ballot_of(struct context *context)
{
    struct ballot *b = atomic_load(&context->ballot), *made;

    if (b)
        return b;
    made = ballot_new();
    if (made && !atomic_compare_exchange_strong(&context->ballot, &b, made)) {
        ballot_free(made); /* another thread was faster: b is its */
        return b;
    }
    return made;
}

/* ---- what is told ----------------------------------------------------- */

static void send_state(struct exchange *x, struct ballot *b)
{
    const struct ballot_state state = ballot_read(b);
    struct votes_state text;

    votes_state_print(&text, x->context, x->client, &state);
    response_send(&x->response, 200, "application/json",
                  (struct slice){text.at, text.len});
}

static int write_state(struct stream *stream, const struct context *context,
                       const struct client *client,
                       const struct ballot_state *state)
{
    struct votes_state text;

    votes_state_event(&text, context, client, state);
    return stream_write_chunk(stream, (struct slice){text.at, text.len});
}

/* Writes the state if it is another one, or a heartbeat if one is due. */
static int write_news(struct stream *stream, const struct context *context,
                      struct client *client, struct ballot_state *state,
                      int64_t *written)
{
    const struct ballot_state now = ballot_read(atomic_load(&context->ballot));
    const bool news = now.changes != state->changes;
    const int64_t ms = clock_monotonic_ms();

    if (!news && ms - *written < context->settings.heartbeat_ms)
        return 0;
    *written = ms;
    client_mark(client, 0);
    if (!news)
        return stream_write_chunk(stream, slice_of(":\n\n"));
    *state = now;
    return write_state(stream, context, client, state);
}

/* Runs after the exchange. */
static void run_votes(struct context *context, struct client *client,
                      struct stream *stream, const struct afterwards *self)
{
    struct ballot *b = self->data;
    struct ballot_state state = ballot_read(b);
    int64_t written = clock_monotonic_ms();
    int result = write_state(stream, context, client, &state);

    stream_only_sends(stream);
    clients_interruptible(context->clients, client);
    while (result == 0 &&
           event_stream_pause(stream, context->clients, clock_deadline(LOOK_MS),
                              true) == PAUSE_OVER)
        result = write_news(stream, context, client, &state, &written);
    if (clients_dismissed(context->clients))
        event_stream_end(stream);
    ballot_leave(b);
}

static void stream_state(struct exchange *x, struct ballot *b)
{
    if (x->request.method == METHOD_HEAD) {
        event_stream_head(&x->response);
        return;
    }
    if (!ballot_enter(b)) {
        response_field(&x->response, "Retry-After", "1");
        response_error(&x->response, 503, "too many wait for the votes");
        return;
    }
    event_stream_start(&x->response);
    x->afterwards = (struct afterwards){run_votes, b, 0};
}

/* ---- what is posted --------------------------------------------------- */

static const char *reason(int status)
{
    switch (status) {
    case 400:
        return "write {\"question\":\"4-1\",\"choice\":2,\"voter\":\"32 digits "
               "from 0 to f\"}";
    case 409:
        return "this question is not asked now, or its answer is shown";
    default:
        return NULL;
    }
}

static int count(struct ballot *b, const struct vote_body *vote)
{
    switch (
        ballot_vote(b, slice_of(vote->question), vote->voter, vote->choice)) {
    case BALLOT_COUNTED:
        return 200;
    case BALLOT_OTHER:
    case BALLOT_LATE:
        return 409;
    case BALLOT_FULL:
        return 503;
    case BALLOT_WRONG:
        break;
    }
    return 400;
}

static void vote(struct exchange *x, struct ballot *b)
{
    struct vote_body body;
    int status =
        vote_body_read((struct slice){x->body.bytes, x->body.len}, &body);

    if (status == 200)
        status = count(b, &body);
    if (status == 200)
        send_state(x, b);
    else
        response_error(&x->response, status, reason(status));
}

static bool ask(struct ballot *b, struct slice query, const char *question)
{
    char text[8];
    uint64_t choices;

    return target_query(query, "choices", text, sizeof text) &&
           slice_number(slice_of(text), LIMIT_CHOICES, &choices) &&
           ballot_ask(b, slice_of(question), (unsigned)choices);
}

static bool show(struct ballot *b, const char *name)
{
    for (int i = BALLOT_NOTHING; i <= BALLOT_ANSWER; i++)
        if (strcmp(name, votes_state_shown((enum ballot_shown)i)) == 0)
            return ballot_show(b, (enum ballot_shown)i);
    return false;
}

/* What only the teacher may do. False if the query is no command. */
static bool command(struct ballot *b, struct slice query)
{
    char text[LIMIT_QUESTION + 2]; /* so that one that is too long is seen */

    if (target_query(query, "ask", text, sizeof text))
        return ask(b, query, text);
    if (target_query(query, "show", text, sizeof text))
        return show(b, text);
    if (!target_query(query, "end", text, sizeof text))
        return false;
    ballot_end(b);
    return true;
}

static void teach(struct exchange *x, struct ballot *b)
{
    if (!votes_state_teacher(x->context, x->client))
        response_error(&x->response, 403,
                       "only this machine may ask the class, and nobody with "
                       "--server-name");
    else if (command(b, x->request.query))
        send_state(x, b);
    else
        response_error(&x->response, 400,
                       "write ask=NAME&choices=N, N from 2 to 6; "
                       "show=nothing, votes or answer, while a question is "
                       "asked; or end");
}

void votes(struct exchange *x)
{
    struct ballot *b = ballot_of(x->context);
    const bool post = x->request.method == METHOD_POST;

    if (b && !post) {
        response_field(&x->response, "Vary", "Accept");
        if (event_stream_wanted(&x->request)) {
            stream_state(x, b);
            return;
        }
    }
    response_field(&x->response, "Cache-Control", "no-store");
    if (!b)
        response_error(&x->response, 503, "out of memory");
    else if (!post)
        send_state(x, b);
    else if (!x->context->settings.classroom)
        response_error(&x->response, 403, "votes need --classroom");
    else if (x->request.query.len > 0)
        teach(x, b);
    else
        vote(x, b);
}
