/* stream: see stream.h. */
#include "stream.h"

#include "clock.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>

static void set_receive_timeout(int fd, int64_t ms)
{
    struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
}

void stream_init(struct stream *s, int fd, char *buffer)
{
    s->fd = fd;
    s->buffer = buffer;
    s->receive_timeout = 0;
    s->sent = 0;
    s->held = s->start = s->end = 0;
    /* Not SO_SNDTIMEO: the kernel's send buffer may still grow while the peer
     * reads nothing, and that would look like progress. */
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &(unsigned){LIMIT_WRITE_MS},
               sizeof(unsigned));
}

struct slice stream_unread(const struct stream *s)
{
    return (struct slice){s->buffer + s->start, s->end - s->start};
}

void stream_take(struct stream *s, size_t n)
{
    assert(n <= s->end - s->start);
    s->start += n;
}

void stream_hold(struct stream *s, size_t n)
{
    assert(s->held == 0 && s->start == 0);
    stream_take(s, n);
    s->held = n;
}

void stream_release(struct stream *s)
{
    memmove(s->buffer, s->buffer + s->start, s->end - s->start);
    s->end -= s->start;
    s->held = s->start = 0;
}

/* recv(2) by the deadline; *n is set if it received something. */
static enum stream_fill receive(struct stream *s, void *at, size_t size,
                                int flags, int64_t deadline, size_t *n)
{
    ssize_t received;

    /* Interrupted, also by Ctrl-Z and `fg`, it waits for what is left. */
    do {
        int64_t left = deadline - clock_monotonic_ms();

        if (left <= 0)
            return STREAM_TIMEOUT;
        if (left != s->receive_timeout) {
            set_receive_timeout(s->fd, left);
            s->receive_timeout = left;
        }
        received = recv(s->fd, at, size, flags);
    } while (received < 0 && errno == EINTR);
    if (received < 0)
        return errno == EAGAIN ? STREAM_TIMEOUT : STREAM_ERROR;
    if (received == 0)
        return STREAM_EOF;
    *n = (size_t)received;
    return STREAM_FILLED;
}

enum stream_fill stream_fill(struct stream *s, int64_t deadline)
{
    enum stream_fill result;
    size_t n = 0;

    if (s->start == s->end)
        s->start = s->end = s->held;
    assert(s->end < STREAM_BUFFER);
    result =
        receive(s, s->buffer + s->end, STREAM_BUFFER - s->end, 0, deadline, &n);
    s->end += n;
    return result;
}

/* Steps over the first n bytes of the parts. */
static void advance(struct iovec **parts, int *count, size_t n)
{
    while (*count > 0 && n >= (*parts)->iov_len) {
        n -= (*parts)->iov_len;
        ++*parts;
        --*count;
    }
    if (*count > 0) {
        (*parts)->iov_base = (char *)(*parts)->iov_base + n;
        (*parts)->iov_len -= n;
    }
}

int stream_write(struct stream *s, struct iovec *parts, int count)
{
    advance(&parts, &count, 0);
    while (count > 0) {
        struct msghdr m = {.msg_iov = parts, .msg_iovlen = (size_t)count};
        ssize_t n = sendmsg(s->fd, &m, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        s->sent += (uint64_t)n;
        advance(&parts, &count, (size_t)n);
    }
    return 0;
}

int stream_send_file(struct stream *s, int file, off_t at, off_t length)
{
    const off_t end = at + length;

    while (at < end) {
        ssize_t n = sendfile(s->fd, file, &at, (size_t)(end - at));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        s->sent += (uint64_t)n;
    }
    return 0;
}

void stream_linger(struct stream *s)
{
    int64_t deadline = clock_monotonic_ms() + LIMIT_LINGER_MS;

    char dropped[4096];
    size_t n;

    shutdown(s->fd, SHUT_WR);
    while (receive(s, dropped, sizeof dropped, 0, deadline, &n) ==
           STREAM_FILLED)
        continue;
}
