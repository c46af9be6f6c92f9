/* wire: see wire.h. */
#include "journal/redis/wire.h"

#include "base/clock.h"
#include "journal/redis/dial.h"
#include "journal/redis/lookup.h"

#include <assert.h>
#include <errno.h>
#include <hiredis/hiredis.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 16 * 1024 };

/* Closes a wire that has failed. Returns false, for the caller to return. */
static bool give_up(struct wire *w, const char *why)
{
    snprintf(w->error, sizeof w->error, "%s", why);
    wire_close(w);
    return false;
}

static bool give_up_waiting(struct wire *w)
{
    w->is_late = errno == ETIMEDOUT;
    return give_up(w, errno == ETIMEDOUT ? "no answer" : strerror(errno));
}

void wire_close(struct wire *w)
{
    if (!w->is_open)
        return;
    w->is_open = false;
    close(w->fd);
    packing_free(&w->waiting);
    if (w->reader)
        redisReaderFree(w->reader);
    w->reader = NULL;
}

void wire_end(struct wire *w)
{
    wire_close(w);
    lookup_forget(w->lookup);
}

/* True if it is open, and the broker has not closed it meanwhile. */
static bool is_sound(struct wire *w)
{
    struct pollfd p = {.fd = w->fd, .events = POLLIN};

    if (!w->is_open)
        return false;
    if (poll(&p, 1, 0) == 0)
        return true;
    return give_up(w, "the broker has closed the connection");
}

void wire_put(struct wire *w, size_t n, const struct slice *words)
{
    if (w->is_open && !packing_add(&w->waiting, n, words))
        give_up(w, "out of memory");
}

void wire_put_words(struct wire *w, const char *const *words)
{
    struct slice slices[WIRE_ARGS] = {{NULL, 0}};
    size_t n = 0;

    for (; words[n]; n++) {
        assert(n < WIRE_ARGS);
        slices[n] = slice_of(words[n]);
    }
    wire_put(w, n, slices);
}

/* A reader for the replies that come now. The old one's buffer is as large as
 * the largest reply was. */
static bool renew_reader(struct wire *w)
{
    if (w->reader)
        redisReaderFree(w->reader);
    w->reader = redisReaderCreate();
    if (!w->reader)
        return give_up(w, "out of memory");
    w->reader->maxbuf = 0; /* else it asserts that a malloc does not fail */
    return true;
}

bool wire_send(struct wire *w, int64_t deadline)
{
    size_t sent = 0;

    if (!w->is_open || !renew_reader(w))
        return false;
    while (sent < w->waiting.len) {
        ssize_t n = send(w->fd, w->waiting.bytes + sent, w->waiting.len - sent,
                         MSG_NOSIGNAL);

        if (n >= 0)
            sent += (size_t)n;
        else if (errno != EAGAIN && errno != EINTR)
            return give_up(w, strerror(errno));
        else if (!dial_wait(w->fd, POLLOUT, w->stop, deadline))
            return give_up_waiting(w);
    }
    packing_free(&w->waiting);
    return true;
}

static bool read_more(struct wire *w, int64_t deadline)
{
    char bytes[READ_SIZE];
    ssize_t n;

    if (!dial_wait(w->fd, POLLIN, w->stop, deadline))
        return give_up_waiting(w);
    n = recv(w->fd, bytes, sizeof bytes, 0);
    if (n == 0)
        return give_up(w, "the broker has closed the connection");
    if (n < 0)
        return errno == EAGAIN || errno == EINTR || give_up(w, strerror(errno));
    return redisReaderFeed(w->reader, bytes, (size_t)n) == REDIS_OK ||
           give_up(w, w->reader->errstr);
}

struct redisReply *wire_hear(struct wire *w, int64_t deadline)
{
    void *reply = NULL;

    while (w->is_open && !reply)
        if (redisReaderGetReply(w->reader, &reply) != REDIS_OK)
            give_up(w, w->reader->errstr);
        else if (!reply)
            read_more(w, deadline);
    return reply;
}

struct redisReply *wire_hear_good(struct wire *w, int64_t deadline)
{
    struct redisReply *reply = wire_hear(w, deadline);

    if (!reply || reply->type != REDIS_REPLY_ERROR)
        return reply;
    snprintf(w->error, sizeof w->error, "%s", reply->str);
    freeReplyObject(reply);
    return NULL;
}

void wire_free(struct redisReply *reply)
{
    if (reply)
        freeReplyObject(reply);
}

/* A socket of the broker's, or -1. */
static int call(struct wire *w, int64_t deadline)
{
    struct addrinfo *all =
        lookup_wait(&w->lookup, w->url, w->stop, deadline, w->error);
    int fd = -1;

    if (all) {
        fd = dial(all, w->stop, deadline, w->error);
        freeaddrinfo(all);
    }
    return fd;
}

/* Sends a command and expects its success. */
static bool command(struct wire *w, const char *const *words, int64_t deadline)
{
    struct redisReply *reply = NULL;

    wire_put_words(w, words);
    if (wire_send(w, deadline))
        reply = wire_hear_good(w, deadline);
    if (!reply)
        wire_close(w);
    wire_free(reply);
    return w->is_open;
}

bool wire_open(struct wire *w, int64_t deadline)
{
    const struct url *u = w->url;
    const char *const with_user[] = {"AUTH", u->user, u->password, NULL};
    const char *const without[] = {"AUTH", u->password, NULL};
    const char *const select[] = {"SELECT", u->db, NULL};

    wire_close(w);
    w->is_late = false;
    w->fd = call(w, deadline);
    w->is_open = w->fd >= 0;
    if (!w->is_open)
        return false;
    if (u->password[0] &&
        !command(w, u->user[0] ? with_user : without, deadline))
        return false;
    return strcmp(u->db, "0") == 0 || command(w, select, deadline);
}

bool wire_ready(struct wire *w, int64_t deadline)
{
    return is_sound(w) || wire_open(w, deadline);
}
