/* puppet: see puppet.h. */
#include "threads/puppet.h"

#include "base/clock.h"
#include "server/clients.h"
#include "store/inspect.h"
#include "store/subscribers.h"
#include "threads/gallery.h"
#include "threads/proc.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    WAIT_MS = 10 * 1000, /* for each part of the start */
    LOOK_MS = 100,
    SMALL = 1,     /* the kernel makes it its smallest buffer */
    QUEUED = 4096, /* bytes that wait: more than such a buffer takes */
    STILL = 50,    /* looks, 1 ms apart, after which a thread is blocked */
};

/* What clients_walk finds of the server's side of a puppet. */
struct side {
    struct peer puppet;
    bool wants_fd; /* a copy of the server's descriptor, that we close */
    int fd;
    bool found;
    pid_t thread;
    struct subscriber *subscriber; /* or NULL, not yet */
};

/* Connects to where the request came in. */
static int connect_back(int fd, bool stalls)
{
    const struct timeval wait = {.tv_sec = WAIT_MS / 1000};
    const int small = SMALL;
    struct sockaddr_in6 address = {.sin6_family = AF_UNSPEC};
    socklen_t len = sizeof address;
    int s;

    if (getsockname(fd, (struct sockaddr *)&address, &len) < 0)
        return -1;
    s = socket(address.sin6_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0)
        return -1;
    if (stalls) /* before connect, which tells the window */
        setsockopt(s, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (connect(s, (struct sockaddr *)&address, len) == 0)
        return s;
    close(s);
    return -1;
}

/* Subscribes, and reads the first bytes of the answer. */
static bool ask(int s, struct slice host)
{
    const char *wanted = "HTTP/1.1 200";
    char text[512];
    const int len = snprintf(
        text, sizeof text, "GET /subscribe HTTP/1.1\r\nHost: %.*s\r\n\r\n",
        host.len < 300 ? (int)host.len : 0, host.at ? host.at : "");

    return send(s, text, (size_t)len, MSG_NOSIGNAL) == len &&
           recv(s, text, strlen(wanted), MSG_WAITALL) ==
               (ssize_t)strlen(wanted) &&
           memcmp(text, wanted, strlen(wanted)) == 0;
}

/* clients_walk calls this. */
static void match(struct client *c, void *argument)
{
    struct side *side = argument;
    const struct peer peer = peer_of(c->fd);

    if (side->found || !peer_same(&peer, &side->puppet))
        return;
    side->found = true;
    side->thread = atomic_load(&c->tid);
    side->subscriber = c->subscriber;
    if (side->wants_fd && side->fd < 0)
        side->fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
}

static void look(struct context *context, struct side *side)
{
    side->found = false;
    clients_walk(context->clients, match, side);
}

/* The server's end waits for no puppet. */
static bool may_wait(struct context *context, int64_t until)
{
    return clock_monotonic_ms() < until && !clients_dismissed(context->clients);
}

static void rest_a_moment(void)
{
    poll(NULL, 0, 1);
}

/* Waits until the server's thread has its subscriber. */
static bool wait_for_subscriber(struct context *context, struct side *side)
{
    const int64_t until = clock_deadline(WAIT_MS);

    while (may_wait(context, until)) {
        look(context, side);
        if (side->found && side->subscriber)
            return true;
        rest_a_moment();
    }
    return false;
}

/* Wakes its thread, which writes a comment each time, until what was written
 * waits in the server's socket. */
static void write_comments(struct context *context, const struct side *side,
                           int64_t until)
{
    int queued = 0;

    while (queued < QUEUED && may_wait(context, until)) {
        store_poke(context->store, side->subscriber);
        sched_yield();
        if (ioctl(side->fd, SIOCOUTQ, &queued) < 0)
            return;
    }
}

/* Fills the buffers of both sockets. Returns true if its thread is blocked. */
static bool fill(struct context *context, const struct side *side)
{
    const int64_t until = clock_deadline(WAIT_MS);
    const int directory = proc_open(PROC_DIRECTORY), small = SMALL;
    struct proc proc = {.known = true};
    int still = 0;

    write_comments(context, side, until);
    /* Now the server's own buffer has no room either. */
    setsockopt(side->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    while (proc.known && still < STILL && may_wait(context, until)) {
        store_poke(context->store, side->subscriber);
        rest_a_moment();
        proc = proc_look(directory, side->thread, NULL);
        still = proc.call && strcmp(proc.call, "sendmsg") == 0 ? still + 1 : 0;
    }
    if (directory >= 0)
        close(directory);
    return still == STILL;
}

/* From now on the kernel drops whatever comes for this socket. */
static bool pull_the_cable(int s)
{
    const int hops = 255;
    const bool v4 =
        setsockopt(s, IPPROTO_IP, IP_MINTTL, &hops, sizeof hops) == 0;
    const bool v6 =
        setsockopt(s, IPPROTO_IPV6, IPV6_MINHOPCOUNT, &hops, sizeof hops) == 0;

    return v4 || v6;
}

/* Runs after the exchange: keeps the socket until the server's side is gone. */
static void keep(struct context *context, struct client *client,
                 struct stream *stream, const struct afterwards *self)
{
    const int64_t until = clock_deadline(LIMIT_PUPPET_MS);
    const int s = (int)self->limit;
    struct side side = {.puppet = peer_own(s), .found = true};

    (void)stream;
    clients_interruptible(context->clients, client);
    while (side.found && may_wait(context, until)) {
        poll(NULL, 0, LOOK_MS);
        look(context, &side);
    }
    close(s);
    atomic_fetch_sub(&gallery_of(context)->puppets, 1);
}

/* The puppet's socket is connected. Returns NULL, or what went wrong. */
static const char *start(struct exchange *x, enum puppet kind, int s,
                         struct side *side)
{
    if (!ask(s, x->request.authority))
        return "the server lets no other subscriber in";
    side->puppet = peer_own(s);
    side->wants_fd = kind == PUPPET_STALLS;
    if (!wait_for_subscriber(x->context, side))
        return "the puppet does not become a subscriber";
    if (kind == PUPPET_STALLS && !fill(x->context, side))
        return "its thread does not block";
    if (kind == PUPPET_VANISHES && !pull_the_cable(s))
        return "its cable cannot be pulled";
    return NULL;
}

pid_t puppet_play(struct exchange *x, enum puppet kind, const char **reason)
{
    struct gallery *g = gallery_of(x->context);
    struct side side = {.fd = -1};
    int s;

    *reason = "too many of these clients";
    if (atomic_fetch_add(&g->puppets, 1) >= LIMIT_PUPPETS) {
        atomic_fetch_sub(&g->puppets, 1);
        return 0;
    }
    s = connect_back(x->client->fd, kind == PUPPET_STALLS);
    *reason = s < 0 ? "cannot connect" : start(x, kind, s, &side);
    if (side.fd >= 0)
        close(side.fd);
    if (!*reason) {
        x->response.close = true;
        x->afterwards = (struct afterwards){keep, NULL, (uint64_t)s};
        return side.thread;
    }
    if (s >= 0)
        close(s);
    atomic_fetch_sub(&g->puppets, 1);
    return 0;
}
