/* peer: see peer.h. */
#include "server/peer.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct peer peer_of(int fd)
{
    struct peer p = {.address.sin6_family = AF_UNSPEC};
    socklen_t len = sizeof p.address;

    if (getpeername(fd, (struct sockaddr *)&p.address, &len) < 0)
        p.address.sin6_family = AF_UNSPEC;
    return p;
}

struct peer peer_own(int fd)
{
    struct peer own = {.address.sin6_family = AF_UNSPEC};
    socklen_t len = sizeof own.address;

    getsockname(fd, (struct sockaddr *)&own.address, &len);
    return own;
}

/* The IPv4 address, also one that is mapped into IPv6; false if there is none.
 */
static bool ipv4_of(const struct peer *p, struct in_addr *address)
{
    const struct in6_addr *six = &p->address.sin6_addr;

    if (p->address.sin6_family == AF_INET) {
        memcpy(address,
               (const char *)p + offsetof(struct sockaddr_in, sin_addr),
               sizeof *address);
        return true;
    }
    if (p->address.sin6_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(six))
        return false;
    memcpy(address, &six->s6_addr[12], sizeof *address);
    return true;
}

const char *peer_print(const struct peer *p, char out[PEER_SIZE])
{
    /* The port is at the same place in both families. */
    const int port = ntohs(p->address.sin6_port);
    char text[INET6_ADDRSTRLEN], end[sizeof ":65535"] = "";
    struct in_addr four;

    out[0] = '\0';
    if (port > 0)
        snprintf(end, sizeof end, ":%d", port);
    if (ipv4_of(p, &four) && inet_ntop(AF_INET, &four, text, sizeof text))
        snprintf(out, PEER_SIZE, "%s%s", text, end);
    else if (p->address.sin6_family == AF_INET6 &&
             inet_ntop(AF_INET6, &p->address.sin6_addr, text, sizeof text))
        snprintf(out, PEER_SIZE, "[%s]%s", text, end);
    return out;
}

struct in6_addr peer_map_ipv4(struct in_addr four)
{
    struct in6_addr six = {.s6_addr = {[10] = 0xff, [11] = 0xff}};

    memcpy(&six.s6_addr[12], &four, sizeof four);
    return six;
}

struct in6_addr peer_address(const struct peer *p)
{
    struct in_addr four;

    if (p->address.sin6_family == AF_INET6)
        return p->address.sin6_addr;
    return ipv4_of(p, &four) ? peer_map_ipv4(four)
                             : (struct in6_addr)IN6ADDR_ANY_INIT;
}

bool peer_is_loopback(const struct peer *p)
{
    struct in_addr four;

    if (ipv4_of(p, &four))
        return (ntohl(four.s_addr) >> 24) == IN_LOOPBACKNET;
    return p->address.sin6_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&p->address.sin6_addr);
}

bool peer_is_here(int fd)
{
    const struct peer p = peer_of(fd);
    struct peer own;
    struct in6_addr a, b;

    if (peer_is_loopback(&p))
        return true;
    own = peer_own(fd);
    a = peer_address(&p);
    b = peer_address(&own);
    return IN6_ARE_ADDR_EQUAL(&a, &b) && !IN6_IS_ADDR_UNSPECIFIED(&a);
}

bool peer_same(const struct peer *a, const struct peer *b)
{
    const struct in6_addr x = peer_address(a), y = peer_address(b);

    return a->address.sin6_port == b->address.sin6_port &&
           IN6_ARE_ADDR_EQUAL(&x, &y);
}
