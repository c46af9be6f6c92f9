/*
 * client: what the linker (--wrap) puts in the place of the functions by which
 * a subscriber writes to its client, and of some that it does not need.
 */
#include "schedule.h"
#include "tell.h"
#include "world.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { TEXT = 1024 };

ssize_t __wrap_sendmsg(int fd, const struct msghdr *m, int flags);
int64_t __wrap_clock_monotonic_ms(void);
int64_t __real_clock_monotonic_ms(void);
int __wrap_watch_add(void *watch, int socket, void *sub);
void __wrap_watch_remove(void *watch, int socket);
void __wrap_clients_subscribe(void *clients, void *client, void *sub);

/* Counts the messages, which must come in order. */
static void read_text(struct reader *r, const char *text)
{
    static const char mark[] = "\"text\":\"";

    if (!strstr(text, mark))
        tell_step(self, NULL, "sends %s",
                  text[0] == ':' ? "a comment" : "the end of the stream");
    while ((text = strstr(text, mark))) {
        const int n = text[sizeof mark - 1] - '0';

        tell_step(self, NULL, "sends message %d to its client", n);
        if (n != ++r->messages)
            wrong("message %d arrives at %s, not message %d", n, r->name,
                  r->messages);
        text++;
    }
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *m, int flags)
{
    struct reader *r = &world.readers[fd - WORLD_FD];
    char text[TEXT + 1];
    size_t len = 0;

    (void)flags;
    for (size_t i = 0; i < m->msg_iovlen; i++) {
        const struct iovec *part = &m->msg_iov[i];

        if (len + part->iov_len > TEXT)
            wrong("%s sends too much at a time", r->name);
        memcpy(text + len, part->iov_base, part->iov_len);
        len += part->iov_len;
    }
    text[len] = '\0';
    if (!self) /* the head of the answer */
        return (ssize_t)len;
    if (!r->reads) {
        r->reads = true;
        tell_step(self, NULL, "blocks in sendmsg: its client reads nothing");
        sched_point(SENDING);
    }
    if (r->gone) {
        tell_step(self, NULL, "cannot send: its client has gone");
        errno = EPIPE;
        return -1;
    }
    read_text(r, text);
    return (ssize_t)len;
}

int64_t __wrap_clock_monotonic_ms(void)
{
    return __real_clock_monotonic_ms() + (sched_late() ? 2 * WAIT_MS : 0);
}

int __wrap_watch_add(void *watch, int socket, void *sub)
{
    (void)watch, (void)socket, (void)sub;
    return 0;
}

void __wrap_watch_remove(void *watch, int socket)
{
    (void)watch, (void)socket;
}

void __wrap_clients_subscribe(void *clients, void *client, void *sub)
{
    (void)clients, (void)client, (void)sub;
}
