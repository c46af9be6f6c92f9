/* stream, writing: all of it or an error, by deadlines. */
#include "unit.h"

#include "http/stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(stream_write, .timeout = TEST_SECONDS);

enum { LARGE = 1 << 20 }; /* much more than a socket buffers */

static char buffer[STREAM_BUFFER];
static struct stream stream;

/* A peer that reads until the end, in small pieces, and notes what came. */
struct peer {
    int fd;
    pthread_t thread;
    size_t len;
    char bytes[2 * LARGE];
};

static struct peer peer;

static void *read_all(void *argument)
{
    struct peer *p = argument;
    ssize_t n;

    while ((n = read(p->fd, p->bytes + p->len, 5000)) > 0)
        p->len += (size_t)n;
    return NULL;
}

static struct sockets open_stream(void)
{
    struct sockets sockets = open_sockets();

    stream_init(&stream, sockets.ours, buffer);
    return sockets;
}

static struct sockets open_stream_to_reader(void)
{
    struct sockets sockets = open_stream();

    peer.fd = sockets.peers;
    peer.len = 0;
    pthread_create(&peer.thread, NULL, read_all, &peer);
    return sockets;
}

/* Ends the stream; what the peer got is then in peer.bytes. */
static void finish(struct sockets sockets)
{
    shutdown(sockets.ours, SHUT_WR);
    pthread_join(peer.thread, NULL);
    close(sockets.ours);
    close(sockets.peers);
}

static char *make_bytes(size_t len)
{
    char *bytes = malloc(len);

    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(i * 31 + i / 256);
    return bytes;
}

Test(stream_write, parts)
{
    struct sockets sockets = open_stream_to_reader();
    char a[] = "one", b[] = "two", c[] = "three", none[] = "";
    struct iovec parts[] = {{none, 0}, {a, 3}, {none, 0},
                            {b, 3},    {c, 5}, {NULL, 0}};
    struct iovec empty[] = {{none, 0}, {NULL, 0}};

    cr_expect_eq(stream_write(&stream, empty, 2), 0);
    cr_expect_eq(stream_write(&stream, empty, 0), 0);
    cr_expect_eq(stream.sent, 0);
    cr_expect_eq(stream_write(&stream, parts, COUNT(parts)), 0);
    cr_expect_eq(stream.sent, 11);
    finish(sockets);
    expect_slice((struct slice){peer.bytes, peer.len}, "onetwothree", "peer");
}

/* The kernel takes it in pieces that end anywhere in the parts. */
Test(stream_write, large_parts)
{
    struct sockets sockets = open_stream_to_reader();
    char *bytes = make_bytes(LARGE);
    enum { PARTS = 64 };
    struct iovec parts[PARTS];

    for (size_t i = 0; i < PARTS; i++)
        parts[i] = (struct iovec){bytes + i * (LARGE / PARTS), LARGE / PARTS};
    cr_expect_eq(stream_write(&stream, parts, PARTS), 0);
    cr_expect_eq(stream.sent, LARGE);
    finish(sockets);
    cr_expect_eq(peer.len, LARGE);
    cr_expect_eq(memcmp(peer.bytes, bytes, LARGE), 0);
    free(bytes);
}

Test(stream_write, to_nobody)
{
    struct sockets sockets = open_stream();
    char text[] = "hello";
    struct iovec part = {text, 5};

    close(sockets.peers);
    /* A signal would end the test here. */
    cr_expect_eq(stream_write(&stream, &part, 1), -1);
}

/* A TCP connection, whose peer reads nothing; and a shorter time-out, so as
 * not to wait so long for the verdict. */
static void open_stream_to_deaf_peer(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int ours = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof a;
    unsigned ms = 0;

    cr_assert_eq(bind(listener, (struct sockaddr *)&a, size), 0);
    cr_assert_eq(listen(listener, 1), 0);
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&a, &size), 0);
    cr_assert_eq(connect(ours, (struct sockaddr *)&a, size), 0);
    cr_assert_geq(accept(listener, NULL, NULL), 0);
    stream_set_options(ours); /* as it would inherit them */
    stream_init(&stream, ours, buffer);
    size = sizeof ms;
    cr_assert_eq(getsockopt(ours, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &size),
                 0);
    cr_expect_eq(ms, LIMIT_WRITE_MS);
    ms = 300;
    cr_assert_eq(setsockopt(ours, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, size), 0);
}

Test(stream_write, without_progress)
{
    char *bytes = make_bytes(16 * LARGE);
    struct iovec part = {bytes, 16 * LARGE};

    open_stream_to_deaf_peer();
    cr_expect_eq(stream_write(&stream, &part, 1), -1);
    cr_expect(stream.sent > 0 && stream.sent < 16 * LARGE);
    free(bytes);
}

/* A file without a name that holds these bytes. */
static int make_file(const char *bytes, size_t len)
{
    FILE *f = tmpfile();

    cr_assert(f != NULL);
    cr_assert_eq(fwrite(bytes, 1, len, f), len);
    fflush(f);
    return fileno(f);
}

Test(stream_write, file)
{
    struct sockets sockets = open_stream_to_reader();
    char *bytes = make_bytes(LARGE);
    int file = make_file(bytes, LARGE);

    cr_expect_eq(stream_send_file(&stream, file, 3, 0), 0);
    cr_expect_eq(stream_send_file(&stream, file, 5, 10), 0);
    cr_expect_eq(stream_send_file(&stream, file, 0, LARGE), 0);
    cr_expect_eq(stream.sent, 10 + LARGE);
    finish(sockets);
    cr_expect_eq(peer.len, 10 + LARGE);
    cr_expect_eq(memcmp(peer.bytes, bytes + 5, 10), 0);
    cr_expect_eq(memcmp(peer.bytes + 10, bytes, LARGE), 0);
    free(bytes);
}

Test(stream_write, file_that_has_become_shorter)
{
    struct sockets sockets = open_stream_to_reader();

    cr_expect_eq(stream_send_file(&stream, make_file("hello", 5), 0, 6), -1);
    finish(sockets);
    expect_slice((struct slice){peer.bytes, peer.len}, "hello", "what is left");
}

Test(stream_write, file_to_nobody)
{
    struct sockets sockets = open_stream();

    signal(SIGPIPE, SIG_IGN); /* as signals_block does */
    close(sockets.peers);
    cr_expect_eq(stream_send_file(&stream, make_file("hello", 5), 0, 5), -1);
}

Test(stream_write, file_without_progress)
{
    char *bytes = make_bytes(16 * LARGE);
    int file = make_file(bytes, 16 * LARGE);

    signal(SIGPIPE, SIG_IGN);
    open_stream_to_deaf_peer();
    cr_expect_eq(stream_send_file(&stream, file, 0, 16 * LARGE), -1);
    free(bytes);
}
