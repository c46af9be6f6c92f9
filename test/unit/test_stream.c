/* stream, reading: the buffer, the held head, deadlines. */
#include "unit.h"

#include "base/clock.h"
#include "http/stream.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(stream, .timeout = TEST_SECONDS);

static char buffer[STREAM_BUFFER];
static struct stream stream;

/* The stream reads what the returned socket is sent. */
static struct sockets open_stream(void)
{
    struct sockets sockets = open_sockets();

    stream_init(&stream, sockets.ours, buffer);
    return sockets;
}

static void say(int fd, const char *text)
{
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void fill(enum stream_fill wanted)
{
    enum stream_fill got = stream_fill(&stream, in_ms(PATIENCE_MS));

    cr_assert(got == wanted, "%d, not %d", got, wanted);
}

Test(stream, takes_in_order)
{
    struct sockets sockets = open_stream();

    expect_slice(stream_unread(&stream), "", "at the start");
    say(sockets.peers, "hello");
    fill(STREAM_FILLED);
    expect_slice(stream_unread(&stream), "hello", "all");
    stream_take(&stream, 2);
    expect_slice(stream_unread(&stream), "llo", "the rest");
    say(sockets.peers, " world");
    fill(STREAM_FILLED);
    expect_slice(stream_unread(&stream), "llo world", "and more");
    stream_take(&stream, 9);
    expect_slice(stream_unread(&stream), "", "nothing");
}

Test(stream, holds_the_head_while_the_body_passes)
{
    struct sockets sockets = open_stream();
    static char body[5000];
    struct slice head;
    size_t passed = 0;

    memset(body, 'b', sizeof body);
    say(sockets.peers, "HEADbbb");
    fill(STREAM_FILLED);
    head = (struct slice){stream_unread(&stream).at, 4};
    stream_hold(&stream, 4);
    expect_slice(stream_unread(&stream), "bbb", "behind the head");
    stream_take(&stream, 3);
    /* More than the buffer holds. */
    for (int i = 0; i < 10; i++) {
        cr_assert_eq(write(sockets.peers, body, sizeof body), sizeof body);
        for (size_t part = 0; part < sizeof body;) {
            struct slice unread;

            fill(STREAM_FILLED);
            unread = stream_unread(&stream);
            cr_assert_eq(memcmp(unread.at, body, unread.len), 0);
            part += unread.len;
            passed += unread.len;
            stream_take(&stream, unread.len);
        }
        expect_slice(head, "HEAD", "while the body passes");
    }
    cr_expect_eq(passed, 10 * sizeof body);
    stream_release(&stream);
    expect_slice(stream_unread(&stream), "", "released");
}

/* A pipelined request comes to the front. */
Test(stream, release_keeps_what_is_unread)
{
    struct sockets sockets = open_stream();

    say(sockets.peers, "HEADbodyNEXT");
    fill(STREAM_FILLED);
    stream_hold(&stream, 4);
    stream_take(&stream, 4);
    stream_release(&stream);
    expect_slice(stream_unread(&stream), "NEXT", "the next request");
    cr_expect_eq(stream_unread(&stream).at, stream.buffer);
    stream_hold(&stream, 4);
    say(sockets.peers, "more");
    fill(STREAM_FILLED);
    expect_slice(stream_unread(&stream), "more", "behind it");
}

Test(stream, fills_a_head_of_the_largest_size)
{
    struct sockets sockets = open_stream();
    static char head[LIMIT_HEAD - 1];

    cr_assert_eq(write(sockets.peers, head, sizeof head), sizeof head);
    while (stream_unread(&stream).len < sizeof head)
        fill(STREAM_FILLED);
    say(sockets.peers, "x");
    fill(STREAM_FILLED);
    cr_expect_eq(stream_unread(&stream).len, LIMIT_HEAD);
}

Test(stream, end_and_error)
{
    struct sockets sockets = open_stream();

    say(sockets.peers, "bye");
    shutdown(sockets.peers, SHUT_WR);
    fill(STREAM_FILLED);
    fill(STREAM_EOF);
    fill(STREAM_EOF);
    expect_slice(stream_unread(&stream), "bye", "before the end");

    sockets = open_stream();
    say(sockets.ours, "nobody reads this");
    close(sockets.peers); /* and so this is a reset */
    fill(STREAM_ERROR);
}

Test(stream, deadline)
{
    struct sockets sockets = open_stream();
    int64_t deadline = in_ms(60);

    cr_expect_eq(stream_fill(&stream, deadline), STREAM_TIMEOUT);
    cr_expect_geq(clock_monotonic_ms(), deadline - 1, "too early");
    cr_expect_eq(stream_fill(&stream, in_ms(-1000)), STREAM_TIMEOUT);
    cr_expect_eq(stream_fill(&stream, in_ms(0)), STREAM_TIMEOUT);
    say(sockets.peers, "late");
    fill(STREAM_FILLED);
    expect_slice(stream_unread(&stream), "late", "after time-outs");
    cr_expect_eq(stream_fill(&stream, in_ms(1)), STREAM_TIMEOUT);
    expect_slice(stream_unread(&stream), "late", "still there");
}

/* The time-out is of the deadline, not of the first one that was ever set. */
Test(stream, later_deadlines)
{
    struct sockets sockets = open_stream();
    int64_t deadline;

    for (int ms = 1; ms <= 81; ms += 40) {
        deadline = in_ms(ms);
        cr_expect_eq(stream_fill(&stream, deadline), STREAM_TIMEOUT);
        cr_expect_geq(clock_monotonic_ms(), deadline - 1, "too early");
    }
    close(sockets.peers);
}

struct reader {
    atomic_int id;
    int64_t deadline;
    enum stream_fill result;
    atomic_bool done;
};

static void *read_once(void *argument)
{
    struct reader *r = argument;

    r->id = gettid();
    r->result = stream_fill(&stream, r->deadline);
    r->done = true;
    return NULL;
}

static volatile sig_atomic_t signals;

static void count_signal(int signal)
{
    (void)signal;
    signals++;
}

/* Blocked in recv, until something happens; a signal is nothing. */
Test(stream, blocks)
{
    struct sigaction action = {.sa_handler = count_signal}; /* no SA_RESTART */
    struct sockets sockets = open_stream();
    int64_t start = clock_monotonic_ms();
    struct reader r = {.deadline = in_ms(PATIENCE_MS)};
    pthread_t thread;

    sigaction(SIGUSR1, &action, NULL);
    pthread_create(&thread, NULL, read_once, &r);
    while (r.id == 0 || !is_asleep(r.id))
        wait_a_moment(start, "recv");
    pthread_kill(thread, SIGUSR1);
    while (signals == 0 || !is_asleep(r.id))
        wait_a_moment(start, "recv, after a signal");
    say(sockets.peers, "x");
    pthread_join(thread, NULL);
    cr_expect_eq(r.result, STREAM_FILLED);
}

/* However often it is interrupted. */
Test(stream, signals_give_no_more_time)
{
    struct sigaction action = {.sa_handler = count_signal};
    struct sockets sockets = open_stream();
    int64_t start = clock_monotonic_ms();
    struct reader r = {.deadline = in_ms(300)};
    pthread_t thread;

    sigaction(SIGUSR1, &action, NULL);
    pthread_create(&thread, NULL, read_once, &r);
    for (; !r.done; wait_a_moment(start, "the time-out"))
        pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
    cr_expect_eq(r.result, STREAM_TIMEOUT);
    close(sockets.peers);
}
