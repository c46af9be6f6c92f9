/* threads: see threads.h. */
#include "threads.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM_TO_SPARE = 64 }; /* clients that come while rows are made */

/* By the latest request; a connection may have others behind it. */
static const char *role_of(const struct thread *t)
{
    static const char *const roles[][2] = {{"GET /threads", "viewer"},
                                           {"POST /update", "publisher"},
                                           {"GET /poll", "poller"},
                                           {"GET /longpoll", "poller"}};

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        const size_t len = strlen(roles[i][0]);

        if (strncmp(t->request, roles[i][0], len) == 0 &&
            (t->request[len] == ' ' || t->request[len] == '?'))
            return roles[i][1];
    }
    return t->subscriber ? "subscriber" : "client";
}

/* clients_walk: one row more. The address is asked for here, since only while
 * the client is in the list its descriptor is surely its own. */
static void add_client(struct client *c, void *argument)
{
    struct threads *now = argument;
    struct thread *t = &now->rows[now->count];

    if (now->count == now->room)
        return;
    *t = (struct thread){
        .number = THREADS_OWN + c->number,
        .tid = atomic_load_explicit(&c->tid, memory_order_relaxed),
        .since = atomic_load_explicit(&c->since, memory_order_relaxed),
        .sent = atomic_load_explicit(&c->sent, memory_order_relaxed),
        .peer = peer_of(c->fd),
        .idle = c->idle,
        .subscriber = c->subscriber,
    };
    memcpy(t->request, c->request, sizeof t->request);
    t->role = role_of(t);
    now->count++;
}

/* The threads that are there from start to end. */
static void add_own(struct threads *now, const struct threads *before,
                    struct context *context, int directory)
{
    static const char *const calls[][2] = {{"accept", "accept4"},
                                           {"signals", "sigwait"},
                                           {"departures", "epoll_wait"}};
    const int64_t latest = clients_stats(context->clients).latest;
    const int64_t since[] = {latest ? latest : context->started,
                             context->started,
                             departures_since(context->departures)};

    for (size_t i = 0; i < THREADS_OWN; i++)
        now->rows[now->count++] = (struct thread){
            .number = i,
            .tid = before   ? before->rows[i].tid
                   : i == 0 ? getpid()
                            : task_find(directory, calls[i][0]),
            .role = calls[i][0],
            .call = calls[i][1],
            .since = since[i],
        };
}

/* What the server itself knows; NULL in the middle of a request. */
static const char *record_of(const struct thread *t)
{
    if (t->number < THREADS_OWN)
        return t->call;
    if (t->subscriber)
        return t->place == STORE_OUTSIDE ? "sendmsg" : "pthread_cond_wait";
    if (!t->idle)
        return NULL;
    return strcmp(t->role, "viewer") == 0 ? "poll" : "recv";
}

/* Slept at the last look, just where our record had it, and has not moved
 * since? Then it still sleeps. In the middle of a request nobody knows. */
static bool still_sleeps(const struct thread *now, const struct thread *before)
{
    const char *record = record_of(now);

    return before && before->call && record &&
           strcmp(before->call, record) == 0 && now->since == before->since &&
           now->place == before->place && now->idle == before->idle &&
           now->sent == before->sent && now->subscriber == before->subscriber;
}

static void look_up(struct thread *t, const struct thread *before,
                    struct context *context, int directory, pid_t self)
{
    if (t->subscriber)
        t->place = store_place(context->store, t->subscriber);
    if (still_sleeps(t, before)) {
        t->task = before->task;
        t->call = before->call;
        return;
    }
    t->task = task_look(directory, t->tid, before ? &before->task : NULL);
    t->call = t->task.known ? t->task.call : record_of(t);
    if (t->tid == self) {
        /* It is reading this. */
        t->call = t->task.call = t->task.system = NULL;
        t->task.wchan[0] = '\0';
    }
}

bool threads_look(struct threads *now, const struct threads *before,
                  struct context *context, int task_directory)
{
    const pid_t self = gettid();
    size_t b = 0;

    now->count = 0;
    now->room =
        THREADS_OWN + clients_stats(context->clients).connected + ROOM_TO_SPARE;
    now->rows = malloc(now->room * sizeof *now->rows);
    if (!now->rows)
        return false;
    add_own(now, before, context, task_directory);
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
                context, task_directory, self);
    }
    return true;
}

bool threads_same(const struct thread *a, const struct thread *b)
{
    return a->number == b->number && a->call == b->call &&
           a->since == b->since && a->place == b->place && a->sent == b->sent &&
           a->role == b->role && strcmp(a->task.wchan, b->task.wchan) == 0 &&
           strcmp(a->request, b->request) == 0;
}
