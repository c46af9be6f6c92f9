/* server: see server.h. */
#include "server/server.h"

#include "base/log.h"
#include "server/clients.h"
#include "server/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct server {
    struct context *context;
    int listener;
    int reserve; /* a descriptor to give up when there are no others */
    pthread_attr_t thread;
};

/* What a client's thread starts with, and frees. */
struct visit {
    struct context *context;
    struct client client;
};

struct server *server_new(struct context *context, int listener)
{
    struct server *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->context = context;
    s->listener = listener;
    s->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
    pthread_attr_init(&s->thread);
    pthread_attr_setdetachstate(&s->thread, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&s->thread, LIMIT_STACK);
    return s;
}

/* A client's thread. */
static void *run_client(void *argument)
{
    struct visit *v = argument;
    struct context *context = v->context;
    int fd = v->client.fd;

    pthread_setname_np(pthread_self(), "client");
    atomic_store(&v->client.tid, gettid());
    connection_run(context, &v->client);
    clients_leave(context->clients, &v->client);
    /* From here on main may free what the context points to. */
    close(fd);
    free(v);
    return NULL;
}

/* Sends a 503 and closes the socket; never blocks the thread that accepts. The
 * request is not known. The body is JSON, since it might be for /update. */
static void turn_away(int fd, const char *why)
{
    static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\n"
                                 "Retry-After: 1\r\n"
                                 "Content-Type: application/json\r\n"
                                 "Content-Length: 31\r\n"
                                 "Connection: close\r\n"
                                 "\r\n"
                                 "{\"error\":\"Service Unavailable\"}";
    char dropped[4096];

    log_error("%s: clients are turned away", why);
    send(fd, answer, sizeof answer - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    /* If the socket were closed with unread bytes, the kernel would send a
     * reset, and the client could lose the answer. */
    for (int i = 0; i < LIMIT_TURN_AWAY_READS; i++)
        if (recv(fd, dropped, sizeof dropped, MSG_DONTWAIT) <= 0)
            break;
    close(fd);
}

/* Gives the client its thread. Takes the socket. */
static void welcome(struct server *s, int fd)
{
    struct visit *v = malloc(sizeof *v);
    pthread_t thread;

    if (!v) {
        turn_away(fd, "out of memory");
        return;
    }
    v->context = s->context;
    v->client.fd = fd;
    if (!clients_enter(s->context->clients, &v->client)) {
        free(v);
        turn_away(fd, "--max-clients reached");
        return;
    }
    if (pthread_create(&thread, &s->thread, run_client, v) != 0) {
        clients_leave(s->context->clients, &v->client);
        free(v);
        turn_away(fd, "the machine gives no thread");
    }
}

/* Pauses, so that a failing accept does not spin. */
static void pause_after_error(void)
{
    const struct timespec pause = {.tv_nsec = 10000000L}; /* 10 ms */

    log_error("accept: %s", strerror(errno));
    nanosleep(&pause, NULL);
}

/* Out of descriptors: gives up the reserve for as long as it takes to tell one
 * client, so that accept does not fail for ever. */
static void turn_away_with_reserve(struct server *s)
{
    int fd;

    if (s->reserve >= 0)
        close(s->reserve);
    fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        turn_away(fd, "out of file descriptors");
    else
        pause_after_error();
    s->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void server_run(struct server *s)
{
    for (;;) {
        int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd >= 0) {
            welcome(s, fd);
            continue;
        }
        switch (errno) {
        case EINVAL: /* server_stop has shut it down */
            return;
        case EINTR:
        case ECONNABORTED:
            break;
        case EMFILE:
        case ENFILE:
            turn_away_with_reserve(s);
            break;
        default:
            pause_after_error();
        }
    }
}

void server_stop(struct server *s)
{
    clients_dismiss(s->context->clients);
    shutdown(s->listener, SHUT_RD);
}
