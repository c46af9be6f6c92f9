/* watch: see watch.h. */
#include "store/watch.h"

#include "base/clock.h"
#include "store/heartbeat.h"
#include "store/subscribers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { EVENTS = 64 };

struct watch {
    /* Set once by watch_new. */
    struct store *store;
    int heartbeat_ms;
    int epoll;
    int stop; /* eventfd: becomes readable when the thread must end */
    pthread_t thread;

    int64_t due; /* the thread's: no heartbeat is due before; ms, monotonic */
    atomic_llong since; /* when its wait began; ms, monotonic */
};

/* Sends the heartbeats that are due. Returns how many milliseconds it takes
 * until the next one: whoever becomes idle meanwhile has its own later. */
static int next_beat_ms(struct watch *w)
{
    const int64_t now = clock_monotonic_ms();

    if (now >= w->due) {
        int64_t since = store_heartbeat(w->store, now - w->heartbeat_ms);

        w->due = (since < now ? since : now) + w->heartbeat_ms;
    }
    return (int)(w->due - now);
}

static void *run_watch(void *argument)
{
    struct watch *w = argument;
    struct epoll_event events[EVENTS];

    pthread_setname_np(pthread_self(), "departures");
    for (;;) {
        int n;

        atomic_store_explicit(&w->since, clock_coarse_ms(),
                              memory_order_relaxed);
        n = epoll_wait(w->epoll, events, EVENTS, next_beat_ms(w));
        for (int i = 0; i < n; i++) {
            if (!events[i].data.ptr)
                return NULL;
            store_poke(w->store, events[i].data.ptr);
        }
    }
}

static int start_thread(struct watch *w)
{
    /* The one entry without a subscriber is the end. */
    struct epoll_event stop = {.events = EPOLLIN, .data.ptr = NULL};

    w->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (w->epoll < 0)
        return -1;
    w->stop = eventfd(0, EFD_CLOEXEC);
    if (w->stop >= 0 &&
        epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->stop, &stop) == 0) {
        errno = pthread_create(&w->thread, NULL, run_watch, w);
        if (errno == 0)
            return 0;
    }
    if (w->stop >= 0)
        close(w->stop);
    close(w->epoll);
    return -1;
}

struct watch *watch_new(struct store *store, int heartbeat_ms)
{
    struct watch *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    w->store = store;
    w->heartbeat_ms = heartbeat_ms;
    atomic_init(&w->since, clock_coarse_ms());
    if (start_thread(w) < 0) {
        free(w);
        return NULL;
    }
    return w;
}

void watch_free(struct watch *w)
{
    eventfd_write(w->stop, 1);
    pthread_join(w->thread, NULL);
    close(w->stop);
    close(w->epoll);
    free(w);
}

int watch_add(struct watch *w, int socket, struct subscriber *sub)
{
    /* Edge-triggered: a half-closed client stays that way and must not be
     * reported for ever. EPOLLHUP and EPOLLERR are always included. */
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET,
                                .data.ptr = sub};

    return epoll_ctl(w->epoll, EPOLL_CTL_ADD, socket, &event);
}

void watch_remove(struct watch *w, int socket)
{
    epoll_ctl(w->epoll, EPOLL_CTL_DEL, socket, NULL);
}

int64_t watch_since(struct watch *w)
{
    return atomic_load_explicit(&w->since, memory_order_relaxed);
}
