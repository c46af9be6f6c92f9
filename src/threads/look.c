/* look: see look.h. */
#include "threads/look.h"

#include "base/log_writer.h"
#include "journal/journal.h"
#include "store/experiment.h"
#include "store/watch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM_TO_SPARE = 64 }; /* clients that come while rows are made */

/* clients_walk calls this: adds one row. It asks for the address here, because
 * only while the client is in the list is the descriptor surely its own. */
static void add_client(struct client *c, void *argument)
{
    struct look *now = argument;
    struct thread *t = &now->rows[now->count];

    if (now->count == now->room)
        return;
    *t = (struct thread){
        .number = LOOK_OWN + c->number,
        .tid = atomic_load_explicit(&c->tid, memory_order_relaxed),
        .since = atomic_load_explicit(&c->since, memory_order_relaxed),
        .sent = atomic_load_explicit(&c->sent, memory_order_relaxed),
        .peer = peer_of(c->fd),
        .interruptible = c->interruptible,
        .subscriber = c->subscriber,
        .role = c->role,
    };
    memcpy(t->request, c->request, sizeof t->request);
    now->count++;
}

/* The threads that are there from start to end. The main thread accepts. */
static void add_own(struct look *now, const struct look *before,
                    struct context *context, int directory)
{
    static const char *const calls[][2] = {{"accept", "accept4"},
                                           {"signals", "sigwait"},
                                           {"departures", "epoll_wait"},
                                           {"log", "pthread_cond_wait"},
                                           {"journal", NULL},
                                           {"broker", "poll"}};
    const struct journal_stats journal = journal_stats(context->journal);
    const int64_t latest = clients_stats(context->clients).latest;
    const int64_t since[] = {latest ? latest : context->started,
                             context->started,
                             watch_since(context->watch),
                             log_writer_since(),
                             journal.since,
                             journal.heard};
    const size_t others = (size_t)journal.kept + (size_t)journal.follows;

    for (size_t i = 0; i < LOOK_OWN - 2 + others; i++) {
        struct thread *t = &now->rows[now->count++];

        *t = (struct thread){.number = i,
                             .role = calls[i][0],
                             .call = calls[i][1],
                             .since = since[i]};
        if (before)
            t->tid = before->rows[i].tid;
        else
            t->tid = i == 0 ? getpid() : proc_find(directory, calls[i][0]);
    }
}

/* What the thread blocks in by our record; NULL in the middle of a request. */
static const char *record_of(const struct thread *t)
{
    if (t->number < LOOK_OWN)
        return t->call;
    if (t->subscriber)
        return t->place == STORE_OUTSIDE ? "sendmsg" : "pthread_cond_wait";
    if (!t->interruptible)
        return NULL;
    return strcmp(t->role, "viewer") == 0 || strcmp(t->role, "player") == 0 ||
                   strcmp(t->role, "voter") == 0
               ? "poll"
               : "recv";
}

/* True if the thread slept at the last look, in the call that our record says,
 * and has not moved since: then it still sleeps. In the middle of a request the
 * record says nothing. */
static bool still_sleeps(const struct thread *now, const struct thread *before)
{
    const char *record = record_of(now);

    return before && before->call && record &&
           strcmp(before->call, record) == 0 && now->since == before->since &&
           now->place == before->place &&
           now->interruptible == before->interruptible &&
           now->sent == before->sent && now->subscriber == before->subscriber;
}

/* A subscriber keeps its channel. */
static void look_up_channel(struct thread *t, const struct thread *before,
                            struct context *context)
{
    if (before && before->subscriber == t->subscriber)
        memcpy(t->channel, before->channel, sizeof t->channel);
    else
        store_channel_of(context->store, t->subscriber, t->channel);
}

static void look_up(struct thread *t, const struct thread *before,
                    struct context *context, int directory, pid_t self)
{
    /* While a poke holds the store's mutex, a look must not wait for it. Then
     * the places are those of the look before, and only the kernel knows who
     * waits for the mutex. */
    const bool held = store_held(context->store);

    if (t->subscriber && held)
        t->place = before ? before->place : STORE_OUTSIDE;
    else if (t->subscriber)
        t->place = store_place(context->store, t->subscriber);
    if (t->subscriber)
        look_up_channel(t, before, context);
    if (!held && still_sleeps(t, before)) {
        t->proc = before->proc;
        t->call = before->call;
        return;
    }
    t->proc = proc_look(directory, t->tid, before ? &before->proc : NULL);
    t->call = t->proc.known ? t->proc.call : record_of(t);
    if (t->tid == self) {
        /* It is reading this. */
        t->call = t->proc.call = t->proc.system = NULL;
        t->proc.wchan[0] = '\0';
    }
}

bool look_take(struct look *now, const struct look *before,
               struct context *context, int directory)
{
    const pid_t self = gettid();
    size_t b = 0;

    if (store_held(context->store) && before)
        now->store = before->store;
    else
        now->store = store_stats(context->store);
    now->count = 0;
    now->room =
        LOOK_OWN + clients_stats(context->clients).connected + ROOM_TO_SPARE;
    now->rows = malloc(now->room * sizeof *now->rows);
    if (!now->rows)
        return false;
    add_own(now, before, context, directory);
    clients_walk(context->clients, add_client, now);
    for (size_t i = 0; i < now->count; i++) {
        struct thread *t = &now->rows[i];

        while (before && b < before->count &&
               before->rows[b].number < t->number)
            b++;
        look_up(t,
                before && b < before->count &&
                        before->rows[b].number == t->number
                    ? &before->rows[b]
                    : NULL,
                context, directory, self);
    }
    return true;
}

bool look_same(const struct thread *a, const struct thread *b)
{
    return a->number == b->number && a->call == b->call &&
           a->since == b->since && a->place == b->place && a->sent == b->sent &&
           a->role == b->role && strcmp(a->proc.wchan, b->proc.wchan) == 0 &&
           strcmp(a->request, b->request) == 0;
}
