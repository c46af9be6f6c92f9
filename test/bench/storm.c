/*
 * bench-storm PORT CLIENTS: all clients of a server come back at once, as after
 * its restart, each with the id of the last event that it has. Prints, as one
 * line of JSON, when the first half and the last one of them had their streams,
 * and how long a publisher waited for its replies meanwhile. The last message
 * must reach all of them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "histogram.h"

#define LAST   "the last of the storm"
#define SECOND 1000000000ull

enum {
    PATIENCE_S = 60,
    PAUSE_NS = 10 * 1000 * 1000, /* between two posts */
    OF_AN_ADDRESS = 5000,        /* clients: an address has so many ports */
    EVENTS = 256,
    CARRY = sizeof LAST, /* what the end of one read may hold of it */
};

struct client {
    int fd;
    bool asked, has_stream;
    unsigned carried;
    char carry[CARRY];
};

struct storm {
    uint64_t started; /* ns */
    unsigned streaming, complete, gone;
};

static struct sockaddr_in server;
static char request[256];
static struct histogram streams, replies;
static atomic_bool over;

/* A connection, in a thread that may wait for it. */
static int dial(const char *text)
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 ||
        connect(fd, (const struct sockaddr *)&server, sizeof server) < 0 ||
        send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
        bench_fail(BENCH_FAILED, "no server: %s", strerror(errno));
    return fd;
}

/* Reads until the text comes; it and what came with it is in `bytes`. */
static const char *read_until(int fd, const char *text, char *bytes,
                              size_t size)
{
    size_t len = 0;

    for (;;) {
        const char *found;
        ssize_t n = recv(fd, bytes + len, size - 1 - len, 0);

        if (n <= 0)
            bench_fail(BENCH_BROKEN, "the server ended before '%s'", text);
        len += (size_t)n;
        bytes[len] = '\0';
        found = strstr(bytes, text);
        if (found)
            return found;
    }
}

static void publish(const char *text)
{
    char post[512], reply[4096];
    int fd;

    snprintf(post, sizeof post,
             "POST /update HTTP/1.1\r\nHost: 127.0.0.1\r\n"
             "Content-Type: application/json\r\nContent-Length: %zu\r\n"
             "Connection: close\r\n\r\n{\"text\":\"%s\"}",
             strlen(text) + strlen("{\"text\":\"\"}"), text);
    fd = dial(post);
    if (strncmp(read_until(fd, "HTTP/1.1 2", reply, sizeof reply), reply, 10))
        bench_fail(BENCH_BROKEN, "a message is refused");
    close(fd);
}

static void *publish_all_along(void *unused)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    while (!atomic_load(&over)) {
        const uint64_t start = bench_now_ns();

        publish("meanwhile");
        histogram_add(&replies, bench_now_ns() - start);
        nanosleep(&pause, NULL);
    }
    return unused;
}

/* Sets the request of a client that has seen one message. */
static void learn_id(void)
{
    static const char first[] = "GET /subscribe HTTP/1.1\r\n"
                                "Host: 127.0.0.1\r\n"
                                "Accept: text/event-stream\r\n\r\n";
    char bytes[8192], head[8192];
    const int fd = dial(first);
    const char *data, *id = NULL;

    read_until(fd, "\r\n\r\n", head, sizeof head);
    publish("before the storm");
    data = read_until(fd, "before the storm", bytes, sizeof bytes);
    for (const char *at = bytes; (at = strstr(at, "id: ")) && at < data; at++)
        id = at + strlen("id: ");
    if (!id)
        bench_fail(BENCH_BROKEN, "a message has no id");
    snprintf(request, sizeof request, "%.*sLast-Event-ID: %.*s\r\n\r\n",
             (int)strlen(first) - 2, first, (int)strcspn(id, "\r\n"), id);
    close(fd);
}

static void start(struct client *c, unsigned index, int epoll)
{
    struct sockaddr_in own = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + index / OF_AN_ADDRESS)};
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET,
                            .data.u32 = index};

    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0 ||
        setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1},
                   sizeof(int)) < 0 ||
        bind(c->fd, (const struct sockaddr *)&own, sizeof own) < 0 ||
        (connect(c->fd, (const struct sockaddr *)&server, sizeof server) < 0 &&
         errno != EINPROGRESS) ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &e) < 0)
        bench_fail(BENCH_FAILED, "client %u: %s", index, strerror(errno));
}

/* Looks for the mark in what came, and in the end of what came before it. */
static bool has(struct client *c, const char *bytes, size_t len,
                const char *mark)
{
    static char both[CARRY + 65536];
    const size_t all = c->carried + len;

    memcpy(both, c->carry, c->carried);
    memcpy(both + c->carried, bytes, len);
    c->carried = (unsigned)(all < CARRY - 1 ? all : CARRY - 1);
    memcpy(c->carry, both + all - c->carried, c->carried);
    return memmem(both, all, mark, strlen(mark)) != NULL;
}

/* Reads what there is. Returns false if the server has ended the stream. */
static bool read_some(struct storm *s, struct client *c)
{
    static char bytes[65536];
    ssize_t n;

    while ((n = recv(c->fd, bytes, sizeof bytes, 0)) > 0) {
        if (c->has_stream) {
            s->complete += has(c, bytes, (size_t)n, LAST);
        } else if (has(c, bytes, (size_t)n, "\r\n\r\n")) {
            c->has_stream = true;
            s->streaming++;
            histogram_add(&streams, bench_now_ns() - s->started);
        }
    }
    return n < 0 && errno == EAGAIN;
}

static void handle(struct storm *s, struct client *c, uint32_t events)
{
    if (!c->asked && (events & EPOLLOUT))
        c->asked = send(c->fd, request, strlen(request), MSG_NOSIGNAL) > 0;
    if (!read_some(s, c)) {
        close(c->fd);
        s->gone++;
    }
}

/* All come back; when each has its stream, one more message is for all. */
static void run(struct storm *s, unsigned count)
{
    struct client *all = bench_calloc(count, sizeof *all);
    const int epoll = epoll_create1(0);
    struct epoll_event events[EVENTS];
    pthread_t publisher;

    if (epoll < 0 ||
        pthread_create(&publisher, NULL, publish_all_along, NULL) != 0)
        bench_fail(BENCH_FAILED, "out of memory");
    s->started = bench_now_ns();
    for (unsigned i = 0; i < count; i++)
        start(&all[i], i, epoll);
    while (s->complete + s->gone < count &&
           bench_now_ns() - s->started < PATIENCE_S * SECOND) {
        const int n = epoll_wait(epoll, events, EVENTS, 1000);

        for (int i = 0; i < n; i++)
            handle(s, &all[events[i].data.u32], events[i].events);
        if (s->streaming + s->gone >= count && !atomic_exchange(&over, true)) {
            pthread_join(publisher, NULL);
            publish(LAST);
        }
    }
}

int main(int argc, char **argv)
{
    const unsigned count = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
    struct storm s = {0};

    if (count == 0)
        bench_fail(BENCH_FAILED, "usage: bench-storm PORT CLIENTS");
    bench_open_many_files();
    server = (struct sockaddr_in){.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    learn_id();
    run(&s, count);
    printf("{\"subscribers\":%u,\"storm_ms\":{\"p50\":%.1f,\"last\":%.1f},"
           "\"publish_ms\":{\"p50\":%.3f,\"p99\":%.3f},\"gone\":%u,"
           "\"lost\":%u,\"duplicated\":0,\"reordered\":0}\n",
           s.streaming, histogram_ms(&streams, 0.5), histogram_ms(&streams, 1),
           histogram_ms(&replies, 0.5), histogram_ms(&replies, 0.99), s.gone,
           count - s.gone - s.complete);
    return s.complete == count ? EXIT_SUCCESS : BENCH_BROKEN;
}
