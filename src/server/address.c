/* address: see address.h. */
#include "server/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

/* Can another machine reach this one here? */
static bool is_reachable(const struct ifaddrs *i)
{
    const unsigned wanted = IFF_UP | IFF_RUNNING;

    return i->ifa_addr && i->ifa_addr->sa_family == AF_INET &&
           (i->ifa_flags & (wanted | IFF_LOOPBACK)) == wanted;
}

bool address_outside(char text[ADDRESS_SIZE])
{
    struct ifaddrs *all, *i;

    if (getifaddrs(&all) < 0)
        return false;
    for (i = all; i && !is_reachable(i); i = i->ifa_next)
        ;
    if (i) {
        struct sockaddr_in address;

        memcpy(&address, i->ifa_addr, sizeof address);
        inet_ntop(AF_INET, &address.sin_addr, text, ADDRESS_SIZE);
    }
    freeifaddrs(all);
    return i != NULL;
}

bool address_is_all(const char *host)
{
    struct in_addr four;
    struct in6_addr six;

    return (inet_pton(AF_INET, host, &four) == 1 && four.s_addr == 0) ||
           (inet_pton(AF_INET6, host, &six) == 1 &&
            IN6_IS_ADDR_UNSPECIFIED(&six));
}
