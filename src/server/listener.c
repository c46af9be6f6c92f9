/* listener: see listener.h. */
#include "server/listener.h"

#include "http/stream.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_on(const struct addrinfo *address)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    stream_set_options(fd);
    if (bind(fd, address->ai_addr, address->ai_addrlen) < 0 ||
        listen(fd, SOMAXCONN) < 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static void explain(const char *host, int port, int error,
                    char text[LISTENER_ERROR_SIZE])
{
    const char *advice = "choose another with --host and --port";

    if (error == EADDRINUSE)
        advice = "stop the other server, or choose another port: make run "
                 "PORT=3001 (--port 3001)";
    else if (error == EACCES)
        advice = "ports below 1024 need root's rights: choose another with "
                 "--port";
    else if (error == EADDRNOTAVAIL)
        advice = "this machine does not have that address: see --host";
    snprintf(text, LISTENER_ERROR_SIZE, "cannot listen on %s port %d: %s; %s",
             host, port, strerror(error), advice);
}

int listener_open(const char *host, int port, char error[LISTENER_ERROR_SIZE])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *address;
    char service[16];
    int fd, failure;

    snprintf(service, sizeof service, "%d", port);
    failure = getaddrinfo(host, service, &hints, &address);
    if (failure) {
        snprintf(error, LISTENER_ERROR_SIZE,
                 "cannot listen on %s: %s; see --host", host,
                 gai_strerror(failure));
        return -1;
    }
    fd = listen_on(address);
    if (fd < 0)
        explain(host, port, errno, error);
    freeaddrinfo(address);
    return fd;
}

int listener_port(int listener)
{
    struct sockaddr_in6 address = {0};
    socklen_t len = sizeof address;

    getsockname(listener, (struct sockaddr *)&address, &len);
    /* The port is at the same place in both families. */
    return ntohs(address.sin6_port);
}
