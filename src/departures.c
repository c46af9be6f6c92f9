/* departures: see departures.h. */
#include "departures.h"

#include "clock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { EVENTS = 64 };

struct departures {
    /* Set once by departures_new. */
    struct store *store;
    int heartbeat_ms;
    int epoll;
    int stop; /* eventfd: readable when the thread shall end */
    pthread_t thread;

    atomic_llong since; /* it waits; ms, monotonic */
};

/* Milliseconds until the next heartbeat is due, as far as is known now. */
static int beat(const struct departures *d)
{
    int64_t now = clock_monotonic_ms();
    int64_t since = store_heartbeat(d->store, now - d->heartbeat_ms);

    return (int)((since < now ? since : now) + d->heartbeat_ms - now);
}

static void *run(void *argument)
{
    struct departures *d = argument;
    struct epoll_event events[EVENTS];

    pthread_setname_np(pthread_self(), "departures");
    for (;;) {
        int n;

        atomic_store_explicit(&d->since, clock_coarse_ms(),
                              memory_order_relaxed);
        n = epoll_wait(d->epoll, events, EVENTS, beat(d));
        for (int i = 0; i < n; i++) {
            if (!events[i].data.ptr)
                return NULL;
            store_poke(d->store, events[i].data.ptr);
        }
    }
}

static int start(struct departures *d)
{
    /* The one entry without a subscriber is the end. */
    struct epoll_event stop = {.events = EPOLLIN, .data.ptr = NULL};

    d->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (d->epoll < 0)
        return -1;
    d->stop = eventfd(0, EFD_CLOEXEC);
    if (d->stop >= 0 &&
        epoll_ctl(d->epoll, EPOLL_CTL_ADD, d->stop, &stop) == 0) {
        errno = pthread_create(&d->thread, NULL, run, d);
        if (errno == 0)
            return 0;
    }
    if (d->stop >= 0)
        close(d->stop);
    close(d->epoll);
    return -1;
}

struct departures *departures_new(struct store *store, int heartbeat_ms)
{
    struct departures *d = calloc(1, sizeof *d);

    if (!d)
        return NULL;
    d->store = store;
    d->heartbeat_ms = heartbeat_ms;
    if (start(d) < 0) {
        free(d);
        return NULL;
    }
    return d;
}

void departures_free(struct departures *d)
{
    eventfd_write(d->stop, 1);
    pthread_join(d->thread, NULL);
    close(d->stop);
    close(d->epoll);
    free(d);
}

int departures_watch(struct departures *d, int socket, struct subscriber *sub)
{
    /* Edge-triggered: a half-closed client stays that way and must not be
     * reported for ever. EPOLLHUP and EPOLLERR are always included. */
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET,
                                .data.ptr = sub};

    return epoll_ctl(d->epoll, EPOLL_CTL_ADD, socket, &event);
}

void departures_forget(struct departures *d, int socket)
{
    epoll_ctl(d->epoll, EPOLL_CTL_DEL, socket, NULL);
}

int64_t departures_since(struct departures *d)
{
    return atomic_load_explicit(&d->since, memory_order_relaxed);
}
