/* sender: see sender.h. */
#include "journal/redis/sender.h"

#include "base/clock.h"
#include "base/log.h"
#include "journal/redis/adding.h"
#include "journal/redis/entry.h"
#include "journal/redis/wire.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sender {
    struct broker *broker;
    struct wire wire;
    int64_t due;            /* when to try without a batch; ms, monotonic */
    struct event_id before; /* what was heard before the batch was sent */
};

/* ---- what fails, and what goes on again ---------------------------------- */

/* Nothing was kept, or nobody knows. The wire's error says why. */
static void give_up(struct sender *s)
{
    if (strncmp(s->wire.error, "READONLY", strlen("READONLY")) == 0) {
        /* A former master: the new one may be at the same address. */
        wire_close(&s->wire);
        atomic_store(&s->broker->redial, true);
    }
    health_fell(&s->broker->health, s->wire.error, 0);
}

/* Hears a reply that must not be an error. */
static bool is_well(struct sender *s, int64_t deadline)
{
    struct redisReply *reply = wire_hear_good(&s->wire, deadline);

    wire_free(reply);
    return reply != NULL;
}

/* Asks the broker whether it would take a message now, by a transaction that is
 * taken back. */
static bool would_take(struct sender *s, int64_t deadline)
{
    const char *const key = s->broker->url.key;
    bool well = true;

    wire_put_words(&s->wire, (const char *const[]){"MULTI", NULL});
    /* Without a transaction, the XADD would count. */
    if (!wire_send(&s->wire, deadline) || !is_well(s, deadline))
        return false;
    wire_put_words(&s->wire,
                   (const char *const[]){"XADD", key, "*", "data", "", NULL});
    wire_put_words(&s->wire, (const char *const[]){"DISCARD", NULL});
    wire_put_words(&s->wire, (const char *const[]){"XLEN", key, NULL});
    if (!wire_send(&s->wire, deadline))
        return false;
    for (int i = 0; i < 3; i++) /* all are heard, whatever they say */
        well &= is_well(s, deadline);
    return well;
}

int64_t sender_rest(struct sender *s)
{
    const int64_t now = clock_monotonic_ms(),
                  deadline = now + LIMIT_BROKER_TRY_MS;

    if (now < s->due)
        return s->due;
    s->due = now + LIMIT_JOURNAL_TRY_MS;
    if (wire_ready(&s->wire, deadline) && would_take(s, deadline))
        health_rose(&s->broker->health);
    else
        give_up(s);
    return s->due;
}

/* ---- keeping messages ---------------------------------------------------- */

/* Packs and sends the batch. False if the broker cannot have all of it. */
static bool send_batch(struct sender *s, struct letter *const *letters,
                       size_t n, int64_t deadline)
{
    const size_t keep = s->broker->options.keep + 1; /* and the start */

    wire_put_words(&s->wire, (const char *const[]){"MULTI", NULL});
    for (size_t i = 0; i < n; i++)
        if (!adding_put(&s->wire, letters[i]->message, letters[i]->key, keep)) {
            wire_close(&s->wire);
            snprintf(s->wire.error, sizeof s->wire.error, "out of memory");
            return false;
        }
    wire_put_words(&s->wire, (const char *const[]){"EXEC", NULL});
    return wire_send(&s->wire, deadline);
}

/* Stamps the message with its entry's id; or sets l->known, if the reply is an
 * entry that has the key. Then *id is its id. */
static enum journal_fate answer_letter(struct sender *s, struct letter *l,
                                       const struct redisReply *reply,
                                       struct event_id *id)
{
    if (reply->type == REDIS_REPLY_ERROR) { /* so has each of the batch */
        snprintf(s->wire.error, sizeof s->wire.error, "%s", reply->str);
        return JOURNAL_REFUSED;
    }
    if (entry_id(reply, id)) {
        l->known = entry_message(reply, s->broker->options.retry_ms);
        return l->known ? JOURNAL_KEPT : JOURNAL_UNCLEAR;
    }
    if (!entry_id_parse(reply, id))
        return JOURNAL_UNCLEAR;
    entry_stamp(l->message, *id);
    return JOURNAL_KEPT;
}

/* True if the id is greater than all that were heard before the batch. */
static bool increases(struct sender *s, struct event_id id)
{
    char text[ENTRY_ID_SIZE], newest[ENTRY_ID_SIZE];

    if (event_id_compare(id, s->before) > 0)
        return true;
    log_error("journal: %s gave the id %s after %s: it has lost messages; "
              "nobody here gets this one",
              s->broker->url.shown, entry_id_print(id, text),
              entry_id_print(s->before, newest));
    return false;
}

/* Tells each letter, and waits until the follower has all of them. */
static enum journal_fate answer_batch(struct sender *s,
                                      const struct redisReply *replies,
                                      struct letter *const *letters, size_t n)
{
    struct event_id id = {0, 0}, last = id;
    enum journal_fate fate = JOURNAL_KEPT;

    if (replies->type != REDIS_REPLY_ARRAY || replies->elements != n)
        return JOURNAL_UNCLEAR;
    for (size_t i = 0; i < n && fate == JOURNAL_KEPT; i++) {
        fate = answer_letter(s, letters[i], replies->element[i], &id);
        if (fate == JOURNAL_KEPT && !letters[i]->known && !increases(s, id))
            fate = JOURNAL_UNCLEAR;
        if (event_id_compare(last, id) < 0)
            last = id;
    }
    if (fate == JOURNAL_KEPT &&
        !tide_wait(&s->broker->tide, last, clock_deadline(LIMIT_BROKER_MS)))
        fate = JOURNAL_UNCLEAR;
    return fate;
}

/* Hears what became of the batch. *well: the broker has done all of it. */
static enum journal_fate hear_batch(struct sender *s,
                                    struct letter *const *letters, size_t n,
                                    int64_t deadline, bool *well)
{
    const bool begun = is_well(s, deadline);
    enum journal_fate fate = begun ? JOURNAL_REFUSED : JOURNAL_UNCLEAR;
    char error[JOURNAL_ERROR_SIZE] = "";
    struct redisReply *replies;

    if (!begun)
        memcpy(error, s->wire.error, sizeof error);
    for (size_t i = 0; i < n; i++)
        if (!is_well(s, deadline) && !error[0])
            memcpy(error, s->wire.error, sizeof error);
    replies = wire_hear_good(&s->wire, deadline);
    *well = replies != NULL;
    if (replies)
        fate = answer_batch(s, replies, letters, n);
    else if (!s->wire.is_open)
        fate = JOURNAL_UNCLEAR;
    if (error[0]) /* the first one tells most */
        memcpy(s->wire.error, error, sizeof error);
    wire_free(replies);
    return fate;
}

/* Of letters that are not sent. One with a key may be kept from before. */
static enum journal_fate refuse(struct letter *const *letters, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (letters[i]->key[0])
            return JOURNAL_UNCLEAR;
    return JOURNAL_REFUSED;
}

enum journal_fate sender_keep(struct sender *s, struct letter *const *letters,
                              size_t n)
{
    const int64_t now = clock_monotonic_ms(), deadline = now + LIMIT_BROKER_MS;
    enum journal_fate fate;
    bool well;

    if (health_is_down(&s->broker->health))
        return refuse(letters, n);
    s->before = tide_at(&s->broker->tide);
    if (!wire_ready(&s->wire, now + LIMIT_BROKER_TRY_MS) ||
        !send_batch(s, letters, n, deadline)) {
        give_up(s);
        return refuse(letters, n);
    }
    fate = hear_batch(s, letters, n, deadline, &well);
    if (fate == JOURNAL_REFUSED || !well) {
        give_up(s);
        return fate == JOURNAL_REFUSED ? refuse(letters, n) : fate;
    }
    s->due = now + LIMIT_JOURNAL_TRY_MS;
    return fate;
}

struct wire *sender_wire(struct sender *s)
{
    return &s->wire;
}

void sender_close(struct sender *s)
{
    wire_end(&s->wire);
    free(s);
}

struct sender *sender_open(struct broker *b, char error[JOURNAL_ERROR_SIZE])
{
    struct sender *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->broker = b;
    s->wire = (struct wire){.url = &b->url, .stop = b->stop};
    if (wire_open(&s->wire, clock_deadline(LIMIT_BROKER_START_MS)))
        return s;
    snprintf(error, JOURNAL_ERROR_SIZE, "--redis: %.120s: %.100s", b->url.shown,
             s->wire.error);
    sender_close(s);
    return NULL;
}
