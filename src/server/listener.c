/* listener: see listener.h. */
#include "server/listener.h"

#include "http/stream.h"
#include "server/origin.h"

#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for an address of either family. */
union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

/* Closes the socket, and keeps errno. Returns -1. */
static int give_up(int fd)
{
    int error = errno;

    close(fd);
    errno = error;
    return -1;
}

/* A socket that belongs to the interface, or to all if it is "". */
static int open_socket(int family, const char *interface)
{
    const int on = 1, off = 0;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    stream_set_options(fd);
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (*interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
                                 (socklen_t)strlen(interface)) < 0)
        return give_up(fd);
    return fd;
}

static int listen_at(const struct sockaddr *address, socklen_t len,
                     const char *interface)
{
    int fd = open_socket(address->sa_family, interface);

    if (fd < 0)
        return -1;
    if (bind(fd, address, len) < 0 || listen(fd, SOMAXCONN) < 0)
        return give_up(fd);
    return fd;
}

static int listen_at_localhost(int port)
{
    const union address six = {
        .six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)}};
    const union address four = {
        .four = {.sin_family = AF_INET,
                 .sin_port = htons((uint16_t)port),
                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
    int fd = listen_at(&six.any, sizeof six.six, "lo");

    if (fd < 0 && errno != EADDRINUSE)
        fd = listen_at(&four.any, sizeof four.four, "");
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

static int open_host(const char *host, int port,
                     char error[LISTENER_ERROR_SIZE])
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
    fd = listen_at(address->ai_addr, address->ai_addrlen, "");
    if (fd < 0)
        explain(host, port, errno, error);
    freeaddrinfo(address);
    return fd;
}

int listener_open(const char *host, int port, char error[LISTENER_ERROR_SIZE])
{
    int fd;

    if (!origin_is_localhost(slice_of(host)))
        return open_host(host, port, error);
    fd = listen_at_localhost(port);
    if (fd < 0)
        explain(host, port, errno, error);
    return fd;
}

static union address address_of(int listener)
{
    union address address = {.any.sa_family = AF_UNSPEC};
    socklen_t len = sizeof address;

    getsockname(listener, &address.any, &len);
    return address;
}

int listener_port(int listener)
{
    /* The port is at the same place in both families. */
    return ntohs(address_of(listener).six.sin6_port);
}

static bool is_wildcard(const union address *a)
{
    if (a->any.sa_family == AF_INET)
        return a->four.sin_addr.s_addr == htonl(INADDR_ANY);
    return IN6_IS_ADDR_UNSPECIFIED(&a->six.sin6_addr);
}

bool listener_for_all(int listener)
{
    const union address address = address_of(listener);
    char interface[IF_NAMESIZE] = "";
    socklen_t len = sizeof interface;

    getsockopt(listener, SOL_SOCKET, SO_BINDTODEVICE, interface, &len);
    return is_wildcard(&address) && !*interface;
}

/* Returns false if another server has the port at ::1. */
static bool take_ipv6(in_port_t port)
{
    const union address one = {.six = {.sin6_family = AF_INET6,
                                       .sin6_port = port,
                                       .sin6_addr = IN6ADDR_LOOPBACK_INIT}};
    const int off = 0;
    int fd = open_socket(AF_INET6, "");
    bool taken;

    if (fd < 0)
        return true; /* no IPv6 */
    if (bind(fd, &one.any, sizeof one.six) == 0) {
        /* It was set for the bind, which connections of an earlier server would
         * prevent; from now on the port is ours alone. */
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &off, sizeof off);
        return true;
    }
    taken = errno == EADDRINUSE;
    close(fd);
    return !taken;
}

/* An address as in a URL. */
static void print_address(const union address *a, char host[LISTENER_HOST_SIZE])
{
    const bool four = a->any.sa_family == AF_INET;
    char text[LISTENER_HOST_SIZE - sizeof "[]"] = "";

    getnameinfo(&a->any, four ? sizeof a->four : sizeof a->six, text,
                sizeof text, NULL, 0, NI_NUMERICHOST);
    snprintf(host, LISTENER_HOST_SIZE, four ? "%s" : "[%s]", text);
}

bool listener_host(int listener, char host[LISTENER_HOST_SIZE])
{
    const union address a = address_of(listener);
    bool ours = true;

    if (a.any.sa_family == AF_INET &&
        (is_wildcard(&a) || a.four.sin_addr.s_addr == htonl(INADDR_LOOPBACK)))
        ours = take_ipv6(a.four.sin_port);
    else if (!is_wildcard(&a)) {
        print_address(&a, host);
        return true;
    }
    snprintf(host, LISTENER_HOST_SIZE, "%s", ours ? "localhost" : "127.0.0.1");
    return ours;
}
