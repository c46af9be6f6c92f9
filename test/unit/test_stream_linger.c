/* stream, at the end: a refused peer shall see its answer (RFC 9112, 9.6). */
#include "unit.h"

#include "base/clock.h"
#include "http/stream.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(stream_linger, .timeout = TEST_SECONDS);

static char buffer[STREAM_BUFFER];
static struct stream stream;

static struct sockets open_stream(void)
{
    struct sockets sockets = open_sockets();

    stream_init(&stream, sockets.ours, buffer);
    return sockets;
}

/* Sends on and on, whatever comes back, until nobody listens. */
struct talker {
    int fd;
    pthread_t thread;
};

static void *talk(void *argument)
{
    static const char noise[50000];
    struct talker *t = argument;

    while (send(t->fd, noise, sizeof noise, MSG_NOSIGNAL) > 0)
        ;
    return NULL;
}

/* Whether it noticed the end of the peer before the time for lingering was
 * over. */
static bool linger_until_the_end(void)
{
    struct sockets sockets = open_stream();
    static const char body[100000];
    char answer[] = "413", got[8];
    struct iovec part = {answer, 3};
    int64_t start = clock_monotonic_ms();
    bool in_time;

    cr_assert_eq(write(sockets.peers, body, sizeof body), sizeof body);
    shutdown(sockets.peers, SHUT_WR);
    cr_expect_eq(stream_write(&stream, &part, 1), 0);
    stream_linger(&stream);
    in_time = clock_monotonic_ms() < start + LIMIT_LINGER_MS;
    cr_expect_eq(recv(sockets.peers, got, sizeof got, MSG_DONTWAIT), 3);
    cr_expect_eq(recv(sockets.peers, got, sizeof got, MSG_DONTWAIT), 0,
                 "not told the end");
    close(sockets.ours);
    close(sockets.peers);
    return in_time;
}

/* The answer reaches a peer that has sent more than was read, and the end of it
 * too. A slow machine may need several attempts. */
Test(stream_linger, lets_the_answer_through)
{
    int64_t start = clock_monotonic_ms();

    while (!linger_until_the_end())
        wait_a_moment(start, "a peer that has ended");
}

Test(stream_linger, with_a_head_held)
{
    struct sockets sockets = open_stream();
    static char head[LIMIT_HEAD];

    cr_assert_eq(write(sockets.peers, head, sizeof head), sizeof head);
    while (stream_unread(&stream).len < sizeof head)
        cr_assert_eq(stream_fill(&stream, in_ms(PATIENCE_MS)), STREAM_FILLED);
    stream_hold(&stream, sizeof head);
    cr_assert_eq(write(sockets.peers, head, sizeof head), sizeof head);
    close(sockets.peers);
    stream_linger(&stream);
    cr_expect_eq(recv(sockets.ours, head, 1, MSG_DONTWAIT), 0);
}

/* Not for ever: neither for a peer that says nothing nor for one that never
 * stops. */
Test(stream_linger, is_bounded)
{
    struct sockets sockets = open_stream();
    struct talker talker = {.fd = sockets.peers};
    int64_t start = clock_monotonic_ms(), took;

    pthread_create(&talker.thread, NULL, talk, &talker);
    stream_linger(&stream);
    took = clock_monotonic_ms() - start;
    close(sockets.ours);
    pthread_join(talker.thread, NULL);
    cr_expect(took >= LIMIT_LINGER_MS - 1 && took < PATIENCE_MS, "%d ms",
              (int)took);
}

Test(stream_linger, in_silence_is_bounded)
{
    struct sockets sockets = open_stream();
    int64_t start = clock_monotonic_ms(), took;

    stream_linger(&stream);
    took = clock_monotonic_ms() - start;
    cr_expect(took >= LIMIT_LINGER_MS - 1 && took < PATIENCE_MS, "%d ms",
              (int)took);
    close(sockets.peers);
}
