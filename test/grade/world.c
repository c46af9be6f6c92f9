/* world: see world.h. */
#include "world.h"

#include "journal/journal.h"
#include "pages/subscribe.h"
#include "schedule.h"
#include "tell.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct world world;

static const char *const names[READERS] = {"subscriber 1", "subscriber 2"};

static void deliver(void *argument)
{
    struct reader *r = argument;

    r->x.afterwards.run(&world.context, &r->client, &r->stream,
                        &r->x.afterwards);
}

static void add_reader(struct reader *r, int fd, const char *name,
                       uint64_t limit)
{
    memset(r, 0, sizeof *r);
    r->name = name;
    r->reads = true;
    stream_init(&r->stream, fd, NULL);
    r->x.context = &world.context;
    r->x.client = &r->client;
    r->x.request.method = METHOD_GET;
    response_init(&r->x.response, &r->stream, &r->x.request);
    subscribe(&r->x);
    r->sub = r->x.afterwards.data;
    r->x.afterwards.limit = limit;
    tell_name(&r->sub->wake, "%s's condition", name);
    sched_add(name, deliver, r);
}

void world_begin(size_t readers, uint64_t limit)
{
    const struct journal_options in_memory = {.place = JOURNAL_MEMORY};
    char error[JOURNAL_ERROR_SIZE];

    sched_reset();
    world.store = store_new(10, 1, READERS + 1);
    world.context.store = world.store;
    world.context.journal = journal_open(&in_memory, world.store, error);
    world.context.settings.retry_ms = 1000;
    world.published = 0;
    world.poked = world.beat = world.closed = false;
    tell_name(&world.store->mutex, "the store's mutex");
    tell_name(&world.store->slow.changed, "the store's condition");
    world.count = readers;
    for (size_t i = 0; i < readers; i++)
        add_reader(&world.readers[i], WORLD_FD + (int)i, names[i], limit);
}

void world_end(int messages)
{
    struct store *s = world.store;

    for (size_t i = 0; i < world.count; i++)
        if (world.readers[i].messages != messages)
            wrong("%s sends %d messages, not %d", world.readers[i].name,
                  world.readers[i].messages, messages);
    if (s->free_turns != 1)
        wrong("at the end %zu turns are free, not 1", s->free_turns);
    if (!list_empty(&s->channels.nameless.idle) || !list_empty(&s->ready))
        wrong("a subscriber that has left is still in a list of the store");
    journal_free(world.context.journal);
    store_free(s);
}

void world_publish(int n)
{
    const char text[] = {(char)('0' + n), '\0'};
    json_t *json = json_string(text);
    struct message *m =
        message_new(&(struct event_text){.channel = "", .text = json}, 1000);

    json_decref(json);
    tell_step(self, NULL, "calls store_publish for message %d", n);
    if (!store_publish(world.store, m))
        wrong("store_publish says that the store is closed; it is open");
    world.published = n;
    tell_step(self, NULL, "store_publish returns: it can reply");
    message_unref(m);
}

void world_lacks(const struct actor *sleeper, char *text, size_t size)
{
    const char *what = "sleeps for ever";

    for (size_t i = 0; i < world.count; i++)
        if (sleeper->argument == &world.readers[i] &&
            world.readers[i].messages < world.published) {
            snprintf(text, size, "message %d never arrives at %s, which sleeps",
                     world.readers[i].messages + 1, sleeper->name);
            return;
        }
    if (world.poked)
        what = "never notices that its client has gone";
    else if (world.closed)
        what = "never notices that the server stops";
    snprintf(text, size, "%s %s", sleeper->name, what);
}

/* ---- store_wait -----------------------------------------------------------
 */

enum store_news __real_store_wait(struct store *s, struct subscriber *sub,
                                  int64_t deadline, size_t max,
                                  struct store_batch *batch);
enum store_news __wrap_store_wait(struct store *s, struct subscriber *sub,
                                  int64_t deadline, size_t max,
                                  struct store_batch *batch);

static const struct {
    const char *name, *but; /* why it is not true */
} said[] = {
    [STORE_MESSAGES] = {"STORE_MESSAGES", "the batch is empty"},
    [STORE_HEARTBEAT] = {"STORE_HEARTBEAT", "no heartbeat was due"},
    [STORE_POKED] = {"STORE_POKED", "nobody poked it"},
    [STORE_TIMEOUT] = {"STORE_TIMEOUT", "no deadline has passed"},
    [STORE_CLOSED] = {"STORE_CLOSED", "the store is open"},
};

/* True if what store_wait says has happened. */
static bool is_true(enum store_news news, const struct store_batch *batch)
{
    switch (news) {
    case STORE_MESSAGES:
        return batch->count > 0;
    case STORE_HEARTBEAT:
        return world.beat;
    case STORE_POKED:
        return world.poked;
    case STORE_TIMEOUT:
        return sched_late();
    case STORE_CLOSED:
        return world.closed;
    }
    return false;
}

enum store_news __wrap_store_wait(struct store *s, struct subscriber *sub,
                                  int64_t deadline, size_t max,
                                  struct store_batch *batch)
{
    enum store_news news;

    batch->count = 0;
    batch->gap = false;
    tell_step(self, NULL, "calls store_wait");
    news = __real_store_wait(s, sub, deadline, max, batch);
    if ((unsigned)news > STORE_CLOSED)
        wrong("store_wait returns %d, which is no enum store_news", (int)news);
    tell_step(self, NULL, "store_wait returns %s", said[news].name);
    if (sched_owner(&s->mutex) == self)
        wrong("%s returns from store_wait, and still holds the mutex",
              self->name);
    if (!is_true(news, batch))
        wrong("store_wait returns %s to %s, but %s", said[news].name,
              self->name, said[news].but);
    return news;
}

enum store_news world_wait(struct subscriber *sub, int64_t deadline)
{
    struct store_batch batch;
    enum store_news news =
        __wrap_store_wait(world.store, sub, deadline, LIMIT_BATCH, &batch);

    if (news == STORE_MESSAGES)
        store_release(&batch);
    return news;
}
