#include "subscribers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    AT_A_TIME = 256, /* connections being opened */
    BATCH = 64,
    BUFFER = 65536
};

struct subscriber {
    int fd;
    bool asked, has_head;
    unsigned char carried; /* bytes of a marker, or of the end of the head */
    char carry[MARKER];
};

static char buffer[MARKER + BUFFER];

static void bind_source(const struct subscribers *s, unsigned index, int fd)
{
    struct sockaddr_in source = {.sin_family = AF_INET};
    if (s->source_addresses == 0)
        return;
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1}, sizeof(int));
    source.sin_addr.s_addr =
        htonl(INADDR_LOOPBACK + 1 + index % s->source_addresses);
    if (bind(fd, (struct sockaddr *)&source, sizeof(source)) != 0)
        bench_fail(BENCH_FAILED, "bind: %s", strerror(errno));
}

static void start(struct subscribers *s, unsigned index)
{
    struct subscriber *one = &s->all[index];
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                            .data.u32 = index};
    const struct sockaddr *address =
        (const struct sockaddr *)&s->target->address;
    one->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (one->fd < 0)
        bench_fail(BENCH_FAILED, "subscriber %u: %s", index, strerror(errno));
    bind_source(s, index, one->fd);
    if (connect(one->fd, address, sizeof(s->target->address)) != 0 &&
        errno != EINPROGRESS)
        bench_fail(BENCH_FAILED, "connect: %s", strerror(errno));
    if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, one->fd, &e) != 0)
        bench_fail(BENCH_FAILED, "epoll: %s", strerror(errno));
    s->opening++;
}

static void give_up(struct subscribers *s, struct subscriber *one,
                    const char *why)
{
    if (s->gone++ == 0)
        snprintf(s->refusal, sizeof(s->refusal), "%.*s",
                 (int)strcspn(why, "\r\n"), why);
    if (one->has_head)
        s->open--;
    else
        s->opening--;
    close(one->fd);
    one->fd = -1;
}

/* The connection stands: ask. From now on only what comes is of interest. */
static void ask(struct subscribers *s, struct subscriber *one, unsigned index)
{
    struct epoll_event e = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                            .data.u32 = index};
    size_t size = strlen(s->request);
    char channel[BENCH_CHANNEL + 1];
    one->asked = true;
    bench_print_channel(channel, index % s->target->channels,
                        s->target->channels);
    memcpy(s->request + s->channel_at, channel, strlen(channel));
    if (send(one->fd, s->request, size, MSG_NOSIGNAL) != (ssize_t)size) {
        give_up(s, one, strerror(errno));
        return;
    }
    epoll_ctl(s->epoll, EPOLL_CTL_MOD, one->fd, &e);
}

/* Returns how many bytes at the end belong to what is not complete yet. */
static size_t read_head(struct subscribers *s, struct subscriber *one,
                        const char *bytes, size_t size)
{
    if (one->carried == 0 &&
        (size < 12 || memcmp(bytes, "HTTP/1.1 200", 12) != 0)) {
        give_up(s, one, bytes);
        return 0;
    }
    if (memmem(bytes, size, "\r\n\r\n", 4) == NULL)
        return size < 3 ? size : 3;
    one->has_head = true;
    s->opening--;
    s->open++;
    return 0; /* no message was published before all have their heads */
}

static void take(struct subscribers *s, struct subscriber *one, char *bytes,
                 size_t size)
{
    unsigned index = (unsigned)(one - s->all);
    bytes[size] = '\0';
    size_t rest = one->has_head ? ledger_receive(s->ledger, index, bytes, size,
                                                 bench_now_ns())
                                : read_head(s, one, bytes, size);
    one->carried = (unsigned char)rest;
    memcpy(one->carry, bytes + size - rest, rest);
}

/* The set is edge-triggered: a short read means that there is no more, unless
 * it is the end. */
static void read_all(struct subscribers *s, struct subscriber *one, bool ends)
{
    ssize_t n;
    do {
        size_t room = BUFFER - 1;
        memcpy(buffer, one->carry, one->carried);
        n = recv(one->fd, buffer + one->carried, room, 0);
        if (n > 0)
            take(s, one, buffer, one->carried + (size_t)n);
        if (one->fd < 0 || (n > 0 && !ends && (size_t)n < room))
            return;
    } while (n > 0);
    if (n == 0 || errno != EAGAIN)
        give_up(s, one, n == 0 ? "the server ended it" : strerror(errno));
}

void subscribers_handle(struct subscribers *s, unsigned index, uint32_t events)
{
    struct subscriber *one = &s->all[index];
    bool ends = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    if (one->fd >= 0 && !one->asked && (events & EPOLLOUT) && !ends)
        ask(s, one, index);
    if (one->fd >= 0 && (ends || (events & EPOLLIN)))
        read_all(s, one, ends);
}

void subscribers_open(struct subscribers *s, const struct target *target,
                      struct ledger *ledger, unsigned count,
                      unsigned source_addresses, int epoll)
{
    struct epoll_event events[BATCH];
    char channel[BENCH_CHANNEL + 1];
    *s = (struct subscribers){.target = target,
                              .ledger = ledger,
                              .epoll = epoll,
                              .count = count,
                              .source_addresses = source_addresses};
    s->all = bench_calloc(count, sizeof(*s->all));
    bench_print_channel(channel, 0, target->channels);
    if (asprintf(&s->request,
                 "GET %s%s HTTP/1.1\r\n"
                 "Host: %s:%d\r\n"
                 "Accept: text/event-stream\r\n"
                 "\r\n",
                 target->subscribe, channel, target->host, target->port) < 0)
        bench_fail(BENCH_FAILED, "out of memory");
    s->channel_at = strlen("GET ") + strlen(target->subscribe);
    for (unsigned started = 0; started < count || s->opening > 0;) {
        while (started < count && s->opening < AT_A_TIME)
            start(s, started++);
        int n = epoll_wait(epoll, events, BATCH, -1);
        for (int i = 0; i < n; i++)
            if (events[i].data.u32 < count)
                subscribers_handle(s, events[i].data.u32, events[i].events);
    }
}
