/* server: see server.h. */
#include "server/server.h"

#include "server/clients.h"
#include "server/connection.h"
#include "server/turn_away.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
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
    s->reserve = turn_away_reserve();
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

static int accept_client(struct server *s)
{
    int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0 && (errno == EMFILE || errno == ENFILE))
        fd = turn_away_accept(s->listener, &s->reserve);
    return fd;
}

void server_run(struct server *s)
{
    for (;;) {
        int fd = accept_client(s);

        if (fd >= 0)
            welcome(s, fd);
        else if (errno == EINVAL) /* server_stop has shut it down */
            return;
        else if (errno != EINTR && errno != ECONNABORTED)
            turn_away_pause();
    }
}

void server_stop(struct server *s)
{
    clients_dismiss(s->context->clients);
    shutdown(s->listener, SHUT_RD);
}
