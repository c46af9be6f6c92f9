/* body: what is read of a body, and when it is refused. */
#include "unit.h"

#include "http/body.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(body, .timeout = TEST_SECONDS);

enum { MAX = 10 };

static char buffer[STREAM_BUFFER];
static struct stream stream;

static const struct {
    const char *what;
    int64_t length; /* -1: chunked */
    const char *bytes;
    int status;
    const char *body;
    const char *rest; /* of a body that is read, what follows it */
} cases[] = {
    {"length", 5, "hello", 200, "hello", ""},
    {"the next request follows", 5, "helloGET /", 200, "hello", "GET /"},
    {"no body", 0, "GET /", 200, "", "GET /"},
    {"the largest", MAX, "0123456789", 200, "0123456789", ""},
    {"one too large", MAX + 1, "0123456789a", 413, "", ""},
    {"much too large", INT64_MAX, "", 413, "", ""},
    {"cut off", 5, "hell", BODY_GONE, "", ""},
    {"nothing comes", 5, "", BODY_GONE, "", ""},
    {"chunked", -1, "5\r\nhello\r\n0\r\n\r\n", 200, "hello", ""},
    {"chunks", -1, "1\r\na\r\n2\r\nbc\r\n0\r\n\r\nGET /", 200, "abc", "GET /"},
    {"no chunk", -1, "0\r\n\r\nGET /", 200, "", "GET /"},
    {"trailers", -1, "1\r\na\r\n0\r\nX: y\r\n\r\nGET /", 200, "a", "GET /"},
    {"the largest", -1, "a\r\n0123456789\r\n0\r\n\r\n", 200, "0123456789", ""},
    {"the largest in two", -1, "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", 200,
     "0123456789", ""},
    {"a chunk is too large", -1, "b\r\n0123456789a\r\n0\r\n\r\n", 413, "", ""},
    {"together too large", -1, "5\r\n01234\r\n6\r\n56789a\r\n0\r\n\r\n", 413,
     "", ""},
    {"a size is enough", -1, "b\r\n", 413, "", ""},
    {"a huge size is enough", -1, "7fffffffffffffff\r\n", 413, "", ""},
    {"bad chunk", -1, "x\r\n", 400, "", ""},
    {"bad chunk later", -1, "1\r\na0\r\n", 400, "", ""},
    {"cut off", -1, "5\r\nhel", BODY_GONE, "", ""},
    {"no last chunk", -1, "5\r\nhello\r\n", BODY_GONE, "", ""},
    {"no end", -1, "0\r\n", BODY_GONE, "", ""},
};

static struct request make_request(int64_t length)
{
    return (struct request){
        .chunked = length < 0,
        .has_length = length >= 0,
        .content_length = length < 0 ? 0 : (uint64_t)length,
    };
}

/* Sends bytes one by one, and ends. */
struct talker {
    int fd;
    const char *bytes;
    pthread_t thread;
};

static void *talk(void *argument)
{
    struct talker *t = argument;

    for (const char *c = t->bytes; *c; c++)
        if (send(t->fd, c, 1, MSG_NOSIGNAL) < 0)
            break;
    shutdown(t->fd, SHUT_WR);
    return NULL;
}

static void check(size_t i, int status, const struct body *body)
{
    cr_expect(status == cases[i].status, "%s: %d, not %d", cases[i].what,
              status, cases[i].status);
    cr_expect((body->reason != NULL) == (status >= 400), "%s: %s",
              cases[i].what, body->reason);
    if (status == 200)
        expect_slice((struct slice){body->bytes, body->len}, cases[i].body,
                     cases[i].what);
}

Test(body, all_at_once)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sockets sockets = open_sockets();
        struct request r = make_request(cases[i].length);
        struct body body;
        size_t len = strlen(cases[i].bytes);
        int status;

        cr_assert_eq(write(sockets.peers, cases[i].bytes, len), (ssize_t)len);
        shutdown(sockets.peers, SHUT_WR);
        stream_init(&stream, sockets.ours, buffer);
        if (len > 0)
            stream_fill(&stream, in_ms(PATIENCE_MS));
        status = body_read(&stream, &r, MAX, LIMIT_BODY_MS, NULL, &body);
        check(i, status, &body);
        if (status == 200)
            expect_slice(stream_unread(&stream), cases[i].rest, cases[i].what);
        body_free(&body);
        close(sockets.ours);
        close(sockets.peers);
    }
}

Test(body, byte_by_byte)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sockets sockets = open_sockets();
        struct request r = make_request(cases[i].length);
        struct talker t = {.fd = sockets.peers, .bytes = cases[i].bytes};
        struct body body;

        stream_init(&stream, sockets.ours, buffer);
        pthread_create(&t.thread, NULL, talk, &t);
        check(i, body_read(&stream, &r, MAX, LIMIT_BODY_MS, NULL, &body),
              &body);
        body_free(&body);
        close(sockets.ours);
        pthread_join(t.thread, NULL);
        close(sockets.peers);
    }
}

/* Larger than the stream's buffer, and than what is allocated at first. */
Test(body, large)
{
    enum { LEN = 300000 };
    struct sockets sockets = open_sockets();
    char *bytes = malloc(LEN + 1);
    struct request r = make_request(LEN);
    struct talker t = {.fd = sockets.peers, .bytes = bytes};
    struct body body;

    for (size_t i = 0; i < LEN; i++)
        bytes[i] = (char)('a' + i % 26);
    bytes[LEN] = '\0';
    stream_init(&stream, sockets.ours, buffer);
    pthread_create(&t.thread, NULL, talk, &t);
    cr_expect_eq(body_read(&stream, &r, LEN, LIMIT_BODY_MS, NULL, &body), 200);
    cr_assert_eq(body.len, LEN);
    cr_expect_eq(memcmp(body.bytes, bytes, LEN), 0);
    pthread_join(t.thread, NULL);
    body_free(&body);
    free(bytes);
}

#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

/* RFC 9110, 10.1.1. */
static const struct {
    const char *what;
    int64_t length;
    bool expects;
    const char *early; /* bytes of the body that came with the head */
    const char *late;
    const char *answer; /* before the body is read */
} expectations[] = {
    {"waits", 5, true, "", "hello", CONTINUE},
    {"waits, chunked", -1, true, "", "0\r\n\r\n", CONTINUE},
    {"doesn't ask", 5, false, "", "hello", ""},
    {"doesn't wait", 5, true, "he", "llo", ""},
    {"has no body", 0, true, "", "", ""},
    {"wants too much", MAX + 1, true, "", "", ""},
};

Test(body, expectation)
{
    for (size_t i = 0; i < COUNT(expectations); i++) {
        struct sockets sockets = open_sockets();
        struct request r = make_request(expectations[i].length);
        size_t early = strlen(expectations[i].early);
        struct talker t = {.fd = sockets.peers, .bytes = expectations[i].late};
        char got[64];
        struct body body;
        ssize_t n;

        r.expect_continue = expectations[i].expects;
        stream_init(&stream, sockets.ours, buffer);
        if (early > 0) {
            cr_assert_gt(write(sockets.peers, expectations[i].early, early), 0);
            stream_fill(&stream, in_ms(PATIENCE_MS));
        }
        pthread_create(&t.thread, NULL, talk, &t);
        body_read(&stream, &r, MAX, LIMIT_BODY_MS, NULL, &body);
        pthread_join(t.thread, NULL);
        n = recv(sockets.peers, got, sizeof got - 1, MSG_DONTWAIT);
        got[n > 0 ? n : 0] = '\0';
        cr_expect_str_eq(got, expectations[i].answer, "%s",
                         expectations[i].what);
        body_free(&body);
        close(sockets.ours);
        close(sockets.peers);
    }
}
