/* votes_state: see votes_state.h. */
#include "pages/votes_state.h"

#include "server/address.h"
#include "server/clients.h"
#include "server/peer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

bool votes_state_teacher(const struct context *context,
                         const struct client *client)
{
    return !context->settings.named && peer_is_here(client->fd);
}

const char *votes_state_shown(enum ballot_shown shown)
{
    static const char *const names[] = {
        [BALLOT_NOTHING] = "nothing",
        [BALLOT_VOTES] = "votes",
        [BALLOT_ANSWER] = "answer",
    };

    return names[shown];
}

static void print(struct votes_state *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* There is room for all that is printed here. */
static void print(struct votes_state *out, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    out->len += (size_t)vsnprintf(out->at + out->len, sizeof out->at - out->len,
                                  format, values);
    va_end(values);
}

static void print_question(struct votes_state *out,
                           const struct ballot_state *state)
{
    print(out,
          ",\"question\":\"%s\",\"choices\":%u,\"asked\":%" PRId64
          ",\"shown\":\"%s\",\"voters\":%u",
          state->question, state->choices, state->asked,
          votes_state_shown(state->shown), state->voters);
    if (state->shown == BALLOT_NOTHING)
        return;
    print(out, ",\"votes\":[");
    for (unsigned i = 0; i < state->choices; i++)
        print(out, "%s%u", i > 0 ? "," : "", state->votes[i]);
    print(out, "]");
}

static void print_object(struct votes_state *out, const struct context *context,
                         const struct client *client,
                         const struct ballot_state *state)
{
    const struct settings *settings = &context->settings;
    const bool teacher = votes_state_teacher(context, client);
    char host[ADDRESS_SIZE];

    print(out, "{\"classroom\":%s,\"teacher\":%s",
          settings->classroom ? "true" : "false", teacher ? "true" : "false");
    if (teacher && address_is_all(settings->host) && address_outside(host))
        print(out, ",\"host\":\"%s\"", host);
    if (state->question[0])
        print_question(out, state);
    print(out, "}");
}

void votes_state_print(struct votes_state *out, const struct context *context,
                       const struct client *client,
                       const struct ballot_state *state)
{
    out->len = 0;
    print_object(out, context, client, state);
}

void votes_state_event(struct votes_state *out, const struct context *context,
                       const struct client *client,
                       const struct ballot_state *state)
{
    out->len = 0;
    print(out, "data: ");
    print_object(out, context, client, state);
    print(out, "\n\n");
}
