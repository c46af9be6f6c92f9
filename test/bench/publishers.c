#include "publishers.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct publisher {
    int fd;
    bool busy;
    unsigned message;
    size_t length;
    char reply[16384];
};

static void connect_publisher(struct publishers *p, struct publisher *one)
{
    const struct sockaddr *address =
        (const struct sockaddr *)&p->target->address;
    struct epoll_event e = {.events = EPOLLIN | EPOLLET, .data.u32 = p->event};
    one->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (one->fd < 0 ||
        connect(one->fd, address, sizeof(p->target->address)) != 0)
        bench_fail(BENCH_FAILED, "cannot connect to %s:%d: %s", p->target->host,
                   p->target->port, strerror(errno));
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (epoll_ctl(p->epoll, EPOLL_CTL_ADD, one->fd, &e) != 0)
        bench_fail(BENCH_FAILED, "epoll: %s", strerror(errno));
}

/* All markers are of one length: so are all requests. */
static void render_request(struct publishers *p)
{
    const char *body = p->target->body, *hole = strstr(body, "%s");
    if (hole == NULL)
        bench_fail(BENCH_FAILED, "there is no %%s in the body '%s'", body);
    int before = (int)(hole - body);
    char channel[BENCH_CHANNEL + 1];
    bench_print_channel(channel, 0, p->target->channels);
    int size =
        asprintf(&p->request,
                 "POST %s%s HTTP/1.1\r\n"
                 "Host: %s:%d\r\n"
                 "Content-Type: application/json\r\n"
                 "Content-Length: %zu\r\n"
                 "\r\n"
                 "%.*s%*s%s",
                 p->target->publish, channel, p->target->host, p->target->port,
                 strlen(body) - 2 + MARKER, before, body, MARKER, "", hole + 2);
    if (size < 0)
        bench_fail(BENCH_FAILED, "out of memory");
    p->size = (size_t)size;
    p->channel_at = strlen("POST ") + strlen(p->target->publish);
    p->marker_at = p->size - strlen(hole + 2) - MARKER;
}

void publishers_open(struct publishers *p, const struct target *target,
                     struct ledger *ledger, unsigned count, int epoll,
                     uint32_t event)
{
    *p = (struct publishers){.target = target,
                             .ledger = ledger,
                             .epoll = epoll,
                             .event = event,
                             .count = count};
    p->all = bench_calloc(count, sizeof(*p->all));
    render_request(p);
    for (unsigned i = 0; i < count; i++)
        connect_publisher(p, &p->all[i]);
}

/* Has the whole reply come? By length, in chunks, or none at all. */
static bool is_complete(struct publisher *one)
{
    one->reply[one->length] = '\0';
    char *body = strstr(one->reply, "\r\n\r\n");
    if (body == NULL)
        return false;
    *body = '\0';
    const char *length = strcasestr(one->reply, "\r\nContent-Length:");
    bool chunked = strcasestr(one->reply, "\r\nTransfer-Encoding:") != NULL;
    *body = '\r';
    size_t have = one->length - (size_t)(body + 4 - one->reply);
    if (length != NULL)
        return have >= strtoul(length + 17, NULL, 10);
    return !chunked || (have >= 5 &&
                        strcmp(one->reply + one->length - 5, "0\r\n\r\n") == 0);
}

static void finish(struct publishers *p, struct publisher *one)
{
    const struct message *m = &p->ledger->messages[one->message];
    if (strncmp(one->reply, "HTTP/1.1 2", 10) != 0)
        bench_fail(BENCH_BROKEN, "a message is refused: %.*s",
                   (int)strcspn(one->reply, "\r\n"), one->reply);
    p->reply_ns = bench_now_ns();
    if (one->message >= p->ledger->warmup)
        histogram_add(&p->replies, p->reply_ns - m->sent_ns);
    one->busy = false;
    one->length = 0;
    p->busy--;
}

static void collect(struct publishers *p, struct publisher *one)
{
    size_t room = sizeof(one->reply) - 1 - one->length;
    ssize_t n = recv(one->fd, one->reply + one->length, room, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n > 0)
        one->length += (size_t)n;
    if (n > 0 && one->busy && is_complete(one))
        finish(p, one);
    if (n > 0 && one->length < sizeof(one->reply) - 1)
        return;
    if (one->busy)
        bench_fail(BENCH_BROKEN, "no reply to a message: %s",
                   n < 0 ? strerror(errno) : "end of connection");
    /* Servers may close what is idle, or has served enough. */
    close(one->fd);
    one->length = 0;
    connect_publisher(p, one);
}

void publishers_collect(struct publishers *p)
{
    for (unsigned i = 0; i < p->count; i++)
        collect(p, &p->all[i]);
}

bool publishers_send(struct publishers *p)
{
    const unsigned channels = p->target->channels;
    struct publisher *one = p->all;
    char channel[BENCH_CHANNEL + 1];
    while (one < p->all + p->count && one->busy)
        one++;
    if (one == p->all + p->count)
        return false;
    one->busy = true;
    p->busy++;
    one->message = ledger_send(p->ledger, (unsigned)(one - p->all));
    bench_print_channel(channel, one->message % channels, channels);
    memcpy(p->request + p->channel_at, channel, strlen(channel));
    memcpy(p->request + p->marker_at, p->ledger->messages[one->message].marker,
           MARKER);
    if (send(one->fd, p->request, p->size, MSG_NOSIGNAL) != (ssize_t)p->size)
        bench_fail(BENCH_BROKEN, "cannot send a message: %s", strerror(errno));
    return true;
}
