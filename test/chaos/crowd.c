/*
 * crowd: many clients that all do the same, for the attacks of attacks.mjs.
 *
 *     crowd PORT CLIENTS [NAME=VALUE]... <REQUEST
 *
 * Each client connects to 127.0.0.1, sends what standard input holds, and reads
 * all that comes. These words change that:
 *
 *     period=MS   how often the words below act (1000)
 *     come=MS     the clients come one by one in so much time, not at once
 *     first=N     only the first N bytes of the request are sent at once,
 *     drip=N      and N more in each period
 *     repeat=1    the request is sent again in each period
 *     take=N      at most N bytes are read in each period; 0: nothing, ever
 *     window=N    SO_RCVBUF
 *     flood=1     after the request, junk follows without end
 *     half=1      after the request, the client ends its side (FIN)
 *     reset=1     after the request, the client is gone (RST)
 *     again=1     a client whose connection has ended connects again
 *
 * It ends at a SIGTERM, with its parent, or after ten minutes, and prints what
 * it has seen as JSON. It is one thread with an epoll, unlike the server.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    PERIOD,
    COME,
    FIRST,
    DRIP,
    REPEAT,
    TAKE,
    WINDOW,
    FLOOD,
    HALF,
    RESET,
    AGAIN,
    WORDS
};

static const char *const names[WORDS] = {
    "period", "come",  "first", "drip",  "repeat", "take",
    "window", "flood", "half",  "reset", "again",
};

static long words[WORDS] = {
    [PERIOD] = 1000,
    [FIRST] = -1,
    [TAKE] = -1,
};

enum {
    MOST_SECONDS = 600,
    REQUEST_SIZE = 1 << 20,
    OWN_BUFFER = 16 * 1024, /* SO_SNDBUF: what the kernel holds is to be the
                             * server's part */
};

struct one {
    int fd;         /* -1: not connected */
    bool came;      /* at least once */
    size_t sent;    /* of the request, and of the junk */
    size_t allowed; /* to be sent by now */
    uint32_t events;
};

static char request[REQUEST_SIZE], junk[REQUEST_SIZE];
static size_t size;
static int port, epoll;
static long opened, ended, received;
static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

static void die(const char *what)
{
    fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void leave(struct one *c, bool reset)
{
    if (reset)
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0},
                   sizeof(struct linger));
    close(c->fd);
    c->fd = -1;
    ended++;
}

static bool has_to_send(const struct one *c)
{
    return c->sent < c->allowed || (words[FLOOD] && c->sent >= size);
}

/* Waits for what it wants to do next. A client that does not read must still
 * see that the server ends. */
static void watch(struct one *c, int operation, bool out)
{
    struct epoll_event e = {.events = EPOLLRDHUP, .data.ptr = c};
    if (out)
        e.events |= EPOLLOUT;
    if (words[TAKE] < 0)
        e.events |= EPOLLIN;
    if (operation == EPOLL_CTL_MOD && e.events == c->events)
        return;
    c->events = e.events;
    if (epoll_ctl(epoll, operation, c->fd, &e) != 0)
        die("epoll_ctl");
}

static void connect_one(struct one *c)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int window = (int)words[WINDOW], own = OWN_BUFFER;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (c->fd < 0)
        die("socket");
    setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, &own, sizeof(own));
    if (window > 0)
        setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
    c->came = true;
    c->sent = 0;
    c->allowed = words[FIRST] >= 0 ? (size_t)words[FIRST] : size;
    opened++;
    if (connect(c->fd, (struct sockaddr *)&address, sizeof(address)) != 0 &&
        errno != EINPROGRESS)
        leave(c, false);
    else
        watch(c, EPOLL_CTL_ADD, true);
}

/* Sends what may be sent now; may end the client. */
static void send_more(struct one *c)
{
    while (has_to_send(c)) {
        bool filler = c->sent >= size;
        ssize_t n = filler ? send(c->fd, junk, sizeof(junk), MSG_NOSIGNAL)
                           : send(c->fd, request + c->sent,
                                  c->allowed - c->sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN) {
            leave(c, false);
            return;
        }
        if (n < 0)
            break;
        c->sent += (size_t)n;
    }
    if (c->sent >= size && words[RESET]) {
        leave(c, true);
        return;
    }
    if (c->sent >= size && words[HALF])
        shutdown(c->fd, SHUT_WR);
    watch(c, EPOLL_CTL_MOD, has_to_send(c));
}

/* Reads at most so many bytes; may end the client. */
static void take(struct one *c, size_t most)
{
    static char bytes[1 << 16];
    while (most > 0) {
        size_t room = most < sizeof(bytes) ? most : sizeof(bytes);
        ssize_t n = recv(c->fd, bytes, room, 0);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            leave(c, false);
            return;
        }
        received += n;
        most -= (size_t)n;
    }
}

static void act(struct one *c, uint32_t events)
{
    if (events & (EPOLLERR | EPOLLHUP)) {
        leave(c, false);
        return;
    }
    if (events & EPOLLOUT)
        send_more(c);
    if (c->fd >= 0 && events & EPOLLIN)
        take(c, sizeof(junk));
    else if (c->fd >= 0 && events & EPOLLRDHUP)
        leave(c, false);
}

/* What a client does once in each period. */
static void pass_period(struct one *c)
{
    if (c->fd < 0) {
        if (c->came && words[AGAIN])
            connect_one(c);
        return;
    }
    if (words[REPEAT] && c->sent == size)
        c->sent = 0;
    c->allowed += (size_t)words[DRIP];
    if (c->allowed > size)
        c->allowed = size;
    if (has_to_send(c))
        watch(c, EPOLL_CTL_MOD, true);
    if (words[TAKE] > 0)
        take(c, (size_t)words[TAKE]);
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Those whose time it is come for the first time. */
static void let_come(struct one *all, long count, long passed)
{
    static long next;
    while (next < count && passed * count >= words[COME] * next)
        connect_one(&all[next++]);
}

static void run(struct one *all, long count)
{
    enum { TICK = 5 };
    const long start = now_ms();
    long next = start + words[PERIOD];
    struct epoll_event events[256];
    while (!stopped && now_ms() - start < MOST_SECONDS * 1000L) {
        let_come(all, count, now_ms() - start);
        int n = epoll_wait(epoll, events, 256, TICK);
        for (int i = 0; i < n; i++)
            act(events[i].data.ptr, events[i].events);
        if (now_ms() < next)
            continue;
        next = now_ms() + words[PERIOD];
        for (struct one *c = all; c < all + count; c++)
            pass_period(c);
    }
}

static void read_word(const char *word)
{
    const char *value = strchr(word, '=');
    for (int i = 0; value != NULL && i < WORDS; i++)
        if (strlen(names[i]) == (size_t)(value - word) &&
            strncmp(names[i], word, (size_t)(value - word)) == 0) {
            words[i] = atol(value + 1);
            return;
        }
    fprintf(stderr, "crowd: what is '%s'?\n", word);
    exit(2);
}

int main(int argc, char **argv)
{
    struct rlimit files;
    if (argc < 3) {
        fprintf(stderr, "usage: crowd PORT CLIENTS [NAME=VALUE]... <REQUEST\n");
        return 2;
    }
    port = atoi(argv[1]);
    long count = atol(argv[2]);
    for (int i = 3; i < argc; i++)
        read_word(argv[i]);
    size = fread(request, 1, sizeof(request), stdin);
    memset(junk, 'x', sizeof(junk));
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGTERM, stop);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    struct one *all = calloc((size_t)count, sizeof(*all));
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (all == NULL || epoll < 0)
        die("start");
    for (long i = 0; i < count; i++)
        all[i].fd = -1;
    run(all, count);
    printf("{\"opened\":%ld,\"ended\":%ld,\"received\":%ld}\n", opened, ended,
           received);
    return 0;
}
