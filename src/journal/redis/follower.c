/* follower: see follower.h. */
#include "journal/redis/follower.h"

#include "base/clock.h"
#include "base/log.h"
#include "journal/redis/dial.h"
#include "journal/redis/entry.h"
#include "journal/redis/stream.h"
#include "journal/redis/wire.h"
#include "store/restore.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>

struct follower {
    struct broker *broker;
    pthread_t thread;
    atomic_llong since;

    /* Only for the thread. */
    struct wire wire;
    struct event_id last; /* the latest entry that was heard */
    bool lost;            /* entries after it are gone, perhaps */
    bool back;            /* the stream ends before it */
    int pause_ms;
};

/* ---- what is heard ------------------------------------------------------- */

/* Gives an entry to the store. False if memory runs out: it must come again. */
static bool hear_entry(struct follower *f, const struct redisReply *entry)
{
    struct broker *b = f->broker;
    char text[ENTRY_ID_SIZE];
    struct message *m;
    struct event_id id;

    if (!entry_id(entry, &id) || event_id_compare(id, f->last) <= 0) {
        log_error("journal: %s: an entry after %s does not increase",
                  b->url.shown, entry_id_print(f->last, text));
        return true;
    }
    m = entry_message(entry, b->options.retry_ms);
    if (!m && errno)
        return false;
    if (m && f->lost) {
        store_tear(b->store);
        f->lost = false;
    }
    if (m)
        store_publish(b->store, m);
    else if (!entry_is_start(entry))
        log_error("journal: %s: entry %s is no message", b->url.shown,
                  entry_id_print(id, text));
    message_unref(m);
    f->last = id;
    return true;
}

static bool hear_entries(struct follower *f, const struct redisReply *entries)
{
    bool well = true;

    for (size_t i = 0; i < entries->elements && well; i++)
        well = hear_entry(f, entries->element[i]);
    tide_rise(&f->broker->tide, f->last);
    return well;
}

/* What the broker says of its stream: does it still have what comes after
 * f->last, and does it go on? */
static void judge(struct follower *f, const struct stream_state *state)
{
    char last[ENTRY_ID_SIZE], newest[ENTRY_ID_SIZE];
    const bool back = event_id_compare(state->newest, f->last) < 0;

    if (back && !f->back)
        log_error("journal: %s ends with the id %s, before %s: it has lost "
                  "messages",
                  f->broker->url.shown, entry_id_print(state->newest, newest),
                  entry_id_print(f->last, last));
    f->back = back;
    f->lost |= !state->any || event_id_compare(state->oldest, f->last) > 0;
}

/* ---- the conversation ---------------------------------------------------- */

static void ask(struct follower *f)
{
    char block[16], count[16], last[ENTRY_ID_SIZE];

    snprintf(block, sizeof block, "%d", LIMIT_BROKER_BLOCK_MS);
    snprintf(count, sizeof count, "%d", LIMIT_BROKER_ENTRIES);
    entry_id_print(f->last, last);
    wire_put_words(&f->wire, (const char *const[]){
                                 "XREAD", "COUNT", count, "BLOCK", block,
                                 "STREAMS", f->broker->url.key, last, NULL});
    stream_ask_state(&f->wire);
}

/* Asks and waits once. False if the connection is of no use any more. */
static bool converse(struct follower *f)
{
    int64_t now = clock_monotonic_ms();
    struct redisReply *news = NULL;
    struct stream_state state;
    bool well = false;

    atomic_store(&f->since, now);
    ask(f);
    if (wire_send(&f->wire, now + LIMIT_BROKER_MS))
        news = wire_hear_good(&f->wire,
                              now + LIMIT_BROKER_BLOCK_MS + LIMIT_BROKER_MS);
    now = clock_monotonic_ms();
    if (news && stream_hear_state(&f->wire, now + LIMIT_BROKER_MS, &state)) {
        judge(f, &state);
        well = true;
        if (news->type == REDIS_REPLY_ARRAY && news->elements == 1 &&
            news->element[0]->elements == 2)
            well = hear_entries(f, news->element[0]->element[1]);
    }
    wire_free(news);
    return well;
}

/* Half of the pause, and up to all of it. */
static void pause_a_while(struct follower *f)
{
    const int half = f->pause_ms / 2;
    const int64_t now = clock_monotonic_ms();

    dial_wait(-1, 0, f->broker->stop,
              now + half + (int)arc4random_uniform((unsigned)half + 1));
    f->pause_ms *= 2;
    if (f->pause_ms > LIMIT_BROKER_PAUSE_MOST_MS)
        f->pause_ms = LIMIT_BROKER_PAUSE_MOST_MS;
}

static bool is_connected(struct follower *f)
{
    if (atomic_exchange(&f->broker->redial, false))
        wire_close(&f->wire);
    return f->wire.is_open ||
           wire_open(&f->wire, clock_deadline(LIMIT_BROKER_MS));
}

/* The first time, it tries again at once: a connection may break although the
 * broker is well. */
static void fail(struct follower *f, int times)
{
    if (times > 1 || f->wire.is_late) {
        health_part_fell(&f->broker->health, BROKER_FOLLOWS, f->wire.error);
        pause_a_while(f);
    }
    wire_close(&f->wire);
}

static void *run_follower(void *argument)
{
    struct follower *f = argument;
    int failures = 0;

    pthread_setname_np(pthread_self(), "broker");
    while (!atomic_load(&f->broker->ending))
        if (is_connected(f) && converse(f)) {
            health_part_rose(&f->broker->health, BROKER_FOLLOWS);
            failures = 0;
            f->pause_ms = LIMIT_BROKER_PAUSE_MS;
        } else {
            fail(f, ++failures);
        }
    wire_end(&f->wire);
    return NULL;
}

/* ---- the follower -------------------------------------------------------- */

int64_t follower_since(const struct follower *f)
{
    return atomic_load(&f->since);
}

struct follower *follower_new(struct broker *b)
{
    struct follower *f = calloc(1, sizeof *f);

    if (!f)
        return NULL;
    f->broker = b;
    f->wire = (struct wire){.url = &b->url, .stop = b->stop};
    f->last = tide_at(&b->tide);
    f->pause_ms = LIMIT_BROKER_PAUSE_MS;
    errno = pthread_create(&f->thread, NULL, run_follower, f);
    if (errno == 0)
        return f;
    free(f);
    return NULL;
}

void follower_free(struct follower *f)
{
    pthread_join(f->thread, NULL);
    free(f);
}
