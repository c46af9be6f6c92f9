/* channels: see channels.h. */
#include "store/channels.h"

#include <assert.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

uint64_t channels_retained(const struct channel *c)
{
    return c->history.next - c->history.oldest;
}

/* ---- they come and go ---------------------------------------------------- */

static void begin(struct channels *cs, struct channel *c)
{
    list_init(&c->idle);
    list_init(&c->unused);
    list_push_back(&cs->all, &c->link);
    c->number = cs->came++;
}

int channels_init(struct channels *cs, size_t history, int64_t now_ms)
{
    *cs = (struct channels){.most = SIZE_MAX, .most_bytes = SIZE_MAX};
    if (history_init(&cs->nameless.history, history, now_ms) < 0)
        return -1;
    list_init(&cs->all);
    list_init(&cs->unused);
    list_init(&cs->gone);
    cs->last = cs->start = cs->nameless.history.last;
    begin(cs, &cs->nameless);
    return 0;
}

/* A message with this id, and perhaps others before, are in no channel. */
static void forget(struct channels *cs, struct event_id id)
{
    cs->forgot = true;
    if (event_id_compare(id, cs->start) > 0)
        cs->start = id;
    if (event_id_compare(id, cs->last) > 0)
        cs->last = id;
}

static void remove_channel(struct channels *cs, struct channel *c)
{
    const uint64_t messages = channels_retained(c);

    assert(c->users == 0 && list_empty(&c->idle));
    tdelete(c->name, &cs->names, compare_names);
    list_remove(&c->unused);
    list_remove(&c->link);
    list_push_back(&cs->gone, &c->link);
    cs->count--;
    cs->removed++;
    cs->bytes -= c->bytes;
    cs->messages -= messages;
    if (messages > 0)
        forget(cs, c->history.last);
}

static void remove_longest_unused(struct channels *cs)
{
    remove_channel(cs, LIST_ENTRY(cs->unused.next, struct channel, unused));
}

static void free_channel(struct channel *c)
{
    history_destroy(&c->history);
    free(c);
}

void channels_bury(struct list *gone)
{
    for (struct list *l = gone->next, *next; l != gone; l = next) {
        next = l->next;
        free_channel(LIST_ENTRY(l, struct channel, link));
    }
}

static void keep_key(void *name)
{
    (void)name;
}

void channels_destroy(struct channels *cs)
{
    tdestroy(cs->names, keep_key);
    list_remove(&cs->nameless.link);
    list_move_all(&cs->gone, &cs->all);
    channels_bury(&cs->gone);
    history_destroy(&cs->nameless.history);
}

/* Where the history of a channel that comes begins. */
static void set_start(const struct channels *cs, struct history *h)
{
    h->last = h->floor = cs->start;
    if (cs->forgot) /* perhaps it had messages: then number 0 is gone */
        h->oldest = h->next = 1;
}

/* A channel with this name, which is not there. NULL if memory runs out. */
static struct channel *make(struct channels *cs, const char *name)
{
    struct channel *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    assert(strlen(name) < sizeof c->name);
    stpcpy(c->name, name);
    if (history_init(&c->history, cs->nameless.history.size, 0) < 0 ||
        !tsearch(c->name, &cs->names, compare_names)) {
        free_channel(c);
        return NULL;
    }
    set_start(cs, &c->history);
    begin(cs, c);
    cs->count++;
    return c;
}

/* The one with this name; NULL if it is not there. */
static struct channel *find(struct channels *cs, const char *name)
{
    char **node = tfind(name, &cs->names, compare_names);

    return node ? LIST_ENTRY(*node, struct channel, name) : NULL;
}

struct channel *channels_look(struct channels *cs, const char *name,
                              struct channel *absent)
{
    struct channel *c;

    if (!name[0])
        return &cs->nameless;
    c = find(cs, name);
    if (c)
        return c;
    *absent = (struct channel){.users = 0};
    set_start(cs, &absent->history);
    return absent;
}

struct event_id channels_last(struct channels *cs, const char *name)
{
    struct channel absent;

    return channels_look(cs, name, &absent)->history.last;
}

struct channel *channels_enter(struct channels *cs, const char *name)
{
    struct channel *c;

    if (!name[0]) {
        cs->nameless.users++;
        return &cs->nameless;
    }
    c = find(cs, name);
    if (!c) {
        if (cs->count >= cs->most && !list_empty(&cs->unused))
            remove_longest_unused(cs);
        if (cs->count < cs->most)
            c = make(cs, name);
    }
    if (!c)
        return NULL;
    list_remove(&c->unused);
    c->users++;
    return c;
}

void channels_leave(struct channels *cs, struct channel *c)
{
    if (--c->users > 0 || c == &cs->nameless)
        return;
    list_push_back(&cs->unused, &c->unused);
    if (channels_retained(c) == 0)
        remove_channel(cs, c);
}

/* ---- their messages ------------------------------------------------------ */

/* Besides its bytes there are the rest of its struct, the room that it leaves
 * for its id, and what malloc needs. */
static size_t size_of(const struct message *m)
{
    enum { MORE = 256 };

    return message_chunk(m).len + MORE;
}

/* A message has come (1), or left (-1). */
static void count(struct channels *cs, struct channel *c,
                  const struct message *m, int by)
{
    const size_t size = (size_t)by * size_of(m); /* the sums wrap around */

    c->bytes += size;
    cs->bytes += c == &cs->nameless ? 0 : size;
    cs->messages += (size_t)by;
}

struct channel *channels_add(struct channels *cs, struct message *m,
                             int64_t now_ms, struct message **evicted)
{
    struct channel *c = channels_enter(cs, message_channel(m));

    *evicted = NULL;
    if (!c) {
        if (message_event(m).at) /* a journal has it */
            forget(cs, message_id(m));
        return NULL;
    }
    c->history.last = cs->last;
    *evicted = history_add(&c->history, m, now_ms);
    if (event_id_compare(c->history.last, cs->last) > 0)
        cs->last = c->history.last;
    count(cs, c, m, 1);
    cs->published += now_ms > 0;
    c->published += now_ms > 0;
    if (*evicted)
        count(cs, c, *evicted, -1);
    channels_leave(cs, c);
    return c;
}

struct message *channels_shrink(struct channels *cs, struct channel *c)
{
    struct message *evicted;

    while (cs->bytes > cs->most_bytes && !list_empty(&cs->unused))
        remove_longest_unused(cs);
    if (cs->bytes <= cs->most_bytes || c == &cs->nameless ||
        channels_retained(c) <= 1)
        return NULL;
    evicted = history_drop(&c->history);
    count(cs, c, evicted, -1);
    return evicted;
}
