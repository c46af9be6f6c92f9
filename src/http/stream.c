/* stream: see stream.h. */
#include "http/stream.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>

static void set_timeout(int fd, int option, int64_t ms)
{
    struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

    setsockopt(fd, SOL_SOCKET, option, &t, sizeof t);
}

static void set_option(int fd, int level, int option, int value)
{
    setsockopt(fd, level, option, &value, sizeof value);
}

void stream_set_options(int listener)
{
    set_option(listener, IPPROTO_TCP, TCP_NODELAY, 1); /* an event leaves now */
    /* SO_SNDTIMEO does not see a peer that reads nothing: the kernel's send
     * buffer may still grow, and that looks like progress. */
    set_option(listener, IPPROTO_TCP, TCP_USER_TIMEOUT, LIMIT_WRITE_MS);
    set_timeout(listener, SO_SNDTIMEO, LIMIT_WRITE_MS);
    /* Else it grows to 4 MiB for each client that does not read. */
    set_option(listener, SOL_SOCKET, SO_SNDBUF, LIMIT_SEND_BUFFER);
}

void stream_init(struct stream *s, int fd, char *buffer)
{
    s->fd = fd;
    s->buffer = buffer;
    s->receive_timeout = 0;
    s->chunked = s->broken = s->more = false;
    s->sent = 0;
    s->held = s->start = s->end = 0;
}

void stream_only_sends(struct stream *s)
{
    set_option(s->fd, SOL_SOCKET, SO_RCVBUF, LIMIT_RECEIVE_BUFFER);
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
                                int64_t deadline, size_t *n)
{
    ssize_t received;

    /* Interrupted, also by Ctrl-Z and `fg`, it waits for what is left. */
    do {
        int64_t left = deadline - clock_monotonic_ms();

        if (left <= 0)
            return STREAM_TIMEOUT;
        if (left != s->receive_timeout) {
            set_timeout(s->fd, SO_RCVTIMEO, left);
            s->receive_timeout = left;
        }
        received = recv(s->fd, at, size, 0);
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
        receive(s, s->buffer + s->end, STREAM_BUFFER - s->end, deadline, &n);
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

struct iovec stream_part(struct slice bytes)
{
    return (struct iovec){(char *)(uintptr_t)bytes.at, bytes.len};
}

/* After a call that did not write all: true if the peer is still in time. It
 * has LIMIT_SEND_MS, and a second more for each 4 KiB. */
static bool in_time(int64_t *started, size_t written)
{
    const int64_t now = clock_monotonic_ms();

    if (*started == 0)
        *started = now;
    return now - *started < LIMIT_SEND_MS + (int64_t)(written / 4096) * 1000;
}

/* True if the call may be repeated. */
static bool is_interrupted(void)
{
    return errno == EINTR || errno == EAGAIN;
}

/* Writes all of the parts; -1 if the connection broke, or took too long. */
static int write_all(struct stream *s, struct iovec *parts, int count)
{
    int64_t started = 0;
    size_t written = 0;

    advance(&parts, &count, 0);
    while (count > 0) {
        struct msghdr m = {.msg_iov = parts, .msg_iovlen = (size_t)count};
        int more = s->more ? MSG_MORE : 0;
        ssize_t n = sendmsg(s->fd, &m, MSG_NOSIGNAL | more);

        if (n < 0 && !is_interrupted())
            return -1;
        if (n > 0) {
            written += (size_t)n;
            s->sent += (uint64_t)n;
            advance(&parts, &count, (size_t)n);
        }
        if (count > 0 && !in_time(&started, written))
            return -1;
    }
    return 0;
}

int stream_write(struct stream *s, struct iovec *parts, int count)
{
    s->broken = s->broken || write_all(s, parts, count) < 0;
    return s->broken ? -1 : 0;
}

int stream_write_slice(struct stream *s, struct slice bytes)
{
    struct iovec part = stream_part(bytes);

    return stream_write(s, &part, 1);
}

int stream_chunk(const struct stream *s, struct slice bytes,
                 struct iovec parts[STREAM_CHUNK_PARTS],
                 char size[STREAM_CHUNK_SIZE])
{
    if (!s->chunked) {
        parts[0] = stream_part(bytes);
        return 1;
    }
    snprintf(size, STREAM_CHUNK_SIZE, "%zx\r\n", bytes.len);
    parts[0] = stream_part(slice_of(size));
    parts[1] = stream_part(bytes);
    parts[2] = stream_part(slice_of("\r\n"));
    return 3;
}

int stream_write_chunk(struct stream *s, struct slice bytes)
{
    struct iovec parts[STREAM_CHUNK_PARTS];
    char size[STREAM_CHUNK_SIZE];

    return stream_write(s, parts, stream_chunk(s, bytes, parts, size));
}

int stream_end_chunks(struct stream *s)
{
    return s->chunked ? stream_write_slice(s, slice_of("0\r\n\r\n")) : 0;
}

int stream_send_file(struct stream *s, int file, off_t at, off_t length)
{
    const off_t start = at, end = at + length;
    int64_t started = 0;

    s->more = false;
    while (at < end) {
        ssize_t n = sendfile(s->fd, file, &at, (size_t)(end - at));

        if (n == 0 || (n < 0 && !is_interrupted()))
            return -1;
        if (n > 0)
            s->sent += (uint64_t)n;
        if (at < end && !in_time(&started, (size_t)(at - start)))
            return -1;
    }
    return 0;
}

void stream_linger(struct stream *s)
{
    int64_t deadline = clock_deadline(LIMIT_LINGER_MS);
    char dropped[4096];
    size_t n;

    shutdown(s->fd, SHUT_WR);
    while (receive(s, dropped, sizeof dropped, deadline, &n) == STREAM_FILLED)
        continue;
}
