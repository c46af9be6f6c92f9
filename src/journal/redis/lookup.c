/* lookup: see lookup.h. */
#include "journal/redis/lookup.h"

#include "journal/redis/dial.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct lookup {
    atomic_uint owners; /* who asks, and the thread: the last one frees it */
    struct url url;     /* a copy, since the thread may outlive the journal */
    int done;           /* an eventfd: can be read once the rest is set, */
    atomic_bool is_set; /* and this, which orders the memory */
    int result, reason; /* of getaddrinfo, and its errno */
    struct addrinfo *all;
};

void lookup_forget(struct lookup *l)
{
    if (!l || atomic_fetch_sub(&l->owners, 1) > 1)
        return;
    if (l->all)
        freeaddrinfo(l->all);
    close(l->done);
    free(l);
}

static void *look_up(void *argument)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct lookup *l = argument;

    pthread_setname_np(pthread_self(), "names");
    l->result = getaddrinfo(l->url.host, l->url.port, &hints, &l->all);
    l->reason = errno;
    atomic_store(&l->is_set, true);
    eventfd_write(l->done, 1);
    lookup_forget(l);
    return NULL;
}

/* False and errno if the machine refuses. */
static bool start_thread(struct lookup *l)
{
    pthread_t thread;

    errno = pthread_create(&thread, NULL, look_up, l);
    if (errno != 0)
        return false;
    pthread_detach(thread);
    return true;
}

/* NULL and errno if the machine refuses. */
static struct lookup *start(const struct url *url)
{
    struct lookup *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->url = *url;
    l->done = eventfd(0, EFD_CLOEXEC);
    atomic_init(&l->owners, 2);
    if (l->done >= 0 && start_thread(l))
        return l;
    if (l->done >= 0)
        close(l->done);
    free(l);
    return NULL;
}

/* False, and errno, as dial_wait. */
static bool wait_for(struct lookup *l, int stop, int64_t deadline)
{
    return dial_wait(l->done, POLLIN, stop, deadline) &&
           atomic_load(&l->is_set);
}

struct addrinfo *lookup_wait(struct lookup **l, const struct url *url, int stop,
                             int64_t deadline, char error[JOURNAL_ERROR_SIZE])
{
    struct addrinfo *all;

    if (!*l)
        *l = start(url);
    if (!*l || !wait_for(*l, stop, deadline)) {
        snprintf(error, JOURNAL_ERROR_SIZE, "the look-up of its name: %s",
                 errno == ETIMEDOUT ? "no answer" : strerror(errno));
        return NULL;
    }
    all = (*l)->all;
    (*l)->all = NULL;
    if (!all)
        snprintf(error, JOURNAL_ERROR_SIZE, "%s",
                 (*l)->result == EAI_SYSTEM ? strerror((*l)->reason)
                                            : gai_strerror((*l)->result));
    lookup_forget(*l);
    *l = NULL;
    return all;
}
