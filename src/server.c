/* server: see server.h. */
#include "server.h"

#include "connection.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURN_AWAY_READS = 16 };

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

static int listen_on(const struct addrinfo *address)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) < 0 ||
        listen(fd, SOMAXCONN) < 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static void explain(const struct options *o, int error,
                    char text[SERVER_ERROR_SIZE])
{
    const char *advice = "choose another with --host and --port";

    if (error == EADDRINUSE)
        advice = "stop the other server, or choose another port with --port";
    else if (error == EACCES)
        advice = "ports below 1024 need root's rights: choose another with "
                 "--port";
    else if (error == EADDRNOTAVAIL)
        advice = "this machine does not have that address: see --host";
    snprintf(text, SERVER_ERROR_SIZE, "cannot listen on %s port %d: %s; %s",
             o->host, o->port, strerror(error), advice);
}

/* A listening socket on the first address that the host's name has. */
static int open_listener(const struct options *o, char error[SERVER_ERROR_SIZE])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *address;
    char port[16];
    int fd, failure;

    snprintf(port, sizeof port, "%d", o->port);
    failure = getaddrinfo(o->host, port, &hints, &address);
    if (failure) {
        snprintf(error, SERVER_ERROR_SIZE,
                 "cannot listen on %s: %s; see --host", o->host,
                 gai_strerror(failure));
        return -1;
    }
    fd = listen_on(address);
    if (fd < 0)
        explain(o, errno, error);
    freeaddrinfo(address);
    return fd;
}

struct server *server_new(struct context *context,
                          char error[SERVER_ERROR_SIZE])
{
    struct server *s = calloc(1, sizeof *s);

    snprintf(error, SERVER_ERROR_SIZE, "out of memory");
    if (!s)
        return NULL;
    s->context = context;
    s->listener = open_listener(&context->options, error);
    if (s->listener < 0) {
        free(s);
        return NULL;
    }
    s->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
    pthread_attr_init(&s->thread);
    pthread_attr_setdetachstate(&s->thread, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&s->thread, LIMIT_STACK);
    return s;
}

int server_port(const struct server *s)
{
    struct sockaddr_in6 address = {0};
    socklen_t len = sizeof address;

    getsockname(s->listener, (struct sockaddr *)&address, &len);
    /* The port is at the same place in both families. */
    return ntohs(address.sin6_port);
}

/* A client's thread. */
static void *run_client(void *argument)
{
    struct visit *v = argument;
    struct context *context = v->context;
    int fd = v->client.fd;

    pthread_setname_np(pthread_self(), "client");
    v->client.tid = gettid();
    connection_run(context, &v->client);
    clients_leave(context->clients, &v->client);
    /* From here on the house may already be gone. */
    close(fd);
    free(v);
    return NULL;
}

/* 503, without ever blocking the thread that accepts. Takes the socket. What
 * is asked for is not known: JSON, as it might be /update. */
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
    /* What has come is read, lest the close become a reset; but no more than
     * a request may have. */
    for (int i = 0; i < TURN_AWAY_READS; i++)
        if (recv(fd, dropped, sizeof dropped, MSG_DONTWAIT) <= 0)
            break;
    close(fd);
}

/* Gives the client its thread. Takes the socket. */
static void welcome(struct server *s, int fd)
{
    struct visit *v = malloc(sizeof *v);
    pthread_t thread;
    int on = 1, error;

    /* An event leaves at once, however small. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
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
    error = pthread_create(&thread, &s->thread, run_client, v);
    if (error) {
        clients_leave(s->context->clients, &v->client);
        free(v);
        turn_away(fd, "no thread to be had");
    }
}

/* Where accept fails, it must not spin. */
static void wait_for_better_times(void)
{
    const struct timespec pause = {.tv_nsec = 10000000L}; /* 10 ms */

    log_error("accept: %s", strerror(errno));
    nanosleep(&pause, NULL);
}

/* Out of descriptors: the reserve is given up for as long as it takes to
 * tell one client, so that accept does not fail for ever. */
static void turn_away_with_reserve(struct server *s)
{
    int fd;

    if (s->reserve >= 0)
        close(s->reserve);
    fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        turn_away(fd, "out of file descriptors");
    else
        wait_for_better_times();
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
            wait_for_better_times();
        }
    }
}

void server_stop(struct server *s)
{
    clients_dismiss(s->context->clients);
    shutdown(s->listener, SHUT_RD);
}
