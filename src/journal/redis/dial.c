/* dial: see dial.h. */
#include "journal/redis/dial.h"

#include "base/clock.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool dial_wait(int fd, short events, int stop, int64_t deadline)
{
    struct pollfd both[] = {{.fd = fd, .events = events},
                            {.fd = stop, .events = POLLIN}};
    int n;

    do {
        const int64_t left = deadline - clock_monotonic_ms();

        n = poll(both, 2, left > 0 ? (int)left : 0);
    } while (n < 0 && errno == EINTR);
    if (n > 0 && both[1].revents)
        errno = ECANCELED;
    else if (n == 0)
        errno = ETIMEDOUT;
    return n > 0 && !both[1].revents;
}

/* Tries one address. -1 and errno if it does not answer. */
static int connect_to(const struct addrinfo *a, int stop, int64_t deadline)
{
    const int on = 1;
    int error = 0;
    socklen_t size = sizeof error;
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    a->ai_protocol);

    if (fd < 0)
        return -1;
    if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
        error = errno;
        if (error == EINPROGRESS)
            error = !dial_wait(fd, POLLOUT, stop, deadline) ? errno
                    : getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0
                        ? errno
                        : error;
    }
    if (error == 0) {
        /* Many small commands, each of which is waited for. */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        return fd;
    }
    close(fd);
    errno = error;
    return -1;
}

int dial(const struct addrinfo *all, int stop, int64_t deadline,
         char error[JOURNAL_ERROR_SIZE])
{
    int fd = -1, left = 0;

    for (const struct addrinfo *a = all; a; a = a->ai_next)
        left++;
    for (const struct addrinfo *a = all; a && fd < 0; a = a->ai_next) {
        const int64_t now = clock_monotonic_ms();

        fd = connect_to(a, stop, now + (deadline - now) / left--);
    }
    if (fd < 0)
        snprintf(error, JOURNAL_ERROR_SIZE, "%s", strerror(errno));
    return fd;
}
