/* recall: see recall.h. */
#include "journal/redis/recall.h"

#include "base/clock.h"
#include "base/log.h"
#include "journal/redis/entry.h"
#include "journal/redis/stream.h"
#include "store/restore.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>

/* The messages so far, the newest first, since the broker tells them so. */
struct pile {
    size_t count, size;
    struct message **messages;
    struct event_id oldest; /* entry that was read */
    bool whole;             /* it is the start */
};

static struct redisReply *ask_page(struct wire *w, const char *newest)
{
    const int64_t deadline = clock_deadline(LIMIT_BROKER_MS);
    char count[16];

    snprintf(count, sizeof count, "%d", LIMIT_BROKER_ENTRIES);
    wire_put_words(w, (const char *const[]){"XREVRANGE", w->url->key, newest,
                                            "-", "COUNT", count, NULL});
    return wire_send(w, deadline) ? wire_hear_good(w, deadline) : NULL;
}

/* False if memory runs out. */
static bool add(struct pile *p, const struct broker *b,
                const struct redisReply *entry)
{
    char text[ENTRY_ID_SIZE];
    struct message *m;

    if (!entry_id(entry, &p->oldest) || (p->whole = entry_is_start(entry)))
        return true;
    m = entry_message(entry, b->options.retry_ms);
    if (!m && errno)
        return false;
    if (m)
        p->messages[p->count++] = m;
    else
        log_error("journal: %s: entry %s is no message", b->url.shown,
                  entry_id_print(p->oldest, text));
    return true;
}

/* The id right before. */
static struct event_id before(struct event_id id)
{
    return id.nth > 0 ? (struct event_id){id.ms, id.nth - 1}
                      : (struct event_id){id.ms - 1, UINT64_MAX};
}

/* Reads pages until there is enough, or no more. */
static bool read_pile(struct broker *b, struct wire *w, struct pile *p,
                      struct event_id *last)
{
    char newest[ENTRY_ID_SIZE] = "+";
    bool well = true, first = true;
    size_t n = 1;

    while (well && n > 0 && p->count < p->size) {
        struct redisReply *page = ask_page(w, newest);

        well = page && page->type == REDIS_REPLY_ARRAY;
        n = well ? page->elements : 0;
        for (size_t i = 0; i < n && well && p->count < p->size; i++)
            if (!(well = add(p, b, page->element[i])))
                snprintf(w->error, sizeof w->error, "out of memory");
            else if (first)
                *last = p->oldest, first = false;
        wire_free(page);
        entry_id_print(before(p->oldest), newest);
    }
    return well;
}

bool recall_messages(struct broker *b, struct wire *w, struct event_id *last)
{
    struct pile p = {.size = b->options.history};
    bool well = stream_begin(w, clock_deadline(LIMIT_BROKER_MS));

    p.messages = calloc(p.size, sizeof *p.messages);
    if (!p.messages) {
        snprintf(w->error, sizeof w->error, "out of memory");
        return false;
    }
    well = well && read_pile(b, w, &p, last);
    if (well)
        store_begin(b->store, p.oldest, !p.whole);
    while (p.count > 0) {
        struct message *m = p.messages[--p.count];

        if (well)
            store_restore(b->store, m);
        message_unref(m);
    }
    free(p.messages);
    return well;
}
