/* origin: see origin.h. */
#include "server/origin.h"

#include <string.h>

/* Cuts ":port" off; where there is none, the scheme's own. */
static struct slice cut_port(struct slice *authority, const char *fallback)
{
    for (size_t i = authority->len; i > 0; i--) {
        char c = authority->at[i - 1];

        if (c == ':') {
            struct slice port = {authority->at + i, authority->len - i};

            authority->len = i - 1;
            return port.len ? port : slice_of(fallback);
        }
        if (c < '0' || c > '9')
            break;
    }
    return slice_of(fallback);
}

/* Is it a page that this very host and port sent? A proxy may have taken TLS
 * off, so the scheme only says which port is meant where none is named. */
static bool is_own(struct slice origin, struct slice host)
{
    const char *fallback = "80";
    struct slice scheme = slice_cut(&origin, ':');
    struct slice origin_port, host_port;

    if (slice_is_nocase(scheme, "https"))
        fallback = "443";
    else if (!slice_is_nocase(scheme, "http"))
        return false;
    if (origin.len < 2 || memcmp(origin.at, "//", 2) != 0)
        return false;
    origin.at += 2;
    origin.len -= 2;
    origin_port = cut_port(&origin, fallback);
    host_port = cut_port(&host, fallback);
    return origin.len > 0 && slice_same_nocase(origin, host) &&
           slice_same_nocase(origin_port, host_port);
}

/* An IPv4 or IPv6 address, the latter in brackets. */
static bool is_address(struct slice host)
{
    if (host.len > 0 && host.at[0] == '[')
        return true;
    for (size_t i = 0; i < host.len; i++)
        if (!(host.at[i] >= '0' && host.at[i] <= '9') && host.at[i] != '.')
            return false;
    return host.len > 0;
}

bool origin_is_our_name(struct slice host, const struct settings *s)
{
    cut_port(&host, "");
    if (is_address(host) || slice_is_nocase(host, "localhost") ||
        slice_is_nocase(host, s->host))
        return true;
    for (size_t i = 0; i < s->server_name.count; i++)
        if (slice_same_nocase(s->server_name.items[i], host))
            return true;
    return false;
}

bool origin_any(const struct settings *s)
{
    for (size_t i = 0; i < s->allow_origin.count; i++)
        if (slice_is(s->allow_origin.items[i], "*"))
            return true;
    return false;
}

enum origin origin_judge(const struct request *r, const struct settings *s)
{
    struct slice origin = request_field(r, "Origin");

    if (!origin.at)
        return ORIGIN_OWN;
    if (origin_any(s))
        return ORIGIN_ALLOWED;
    for (size_t i = 0; i < s->allow_origin.count; i++)
        if (slice_same_nocase(s->allow_origin.items[i], origin))
            return ORIGIN_ALLOWED;
    if (is_own(origin, r->authority) && origin_is_our_name(r->authority, s))
        return ORIGIN_OWN;
    return ORIGIN_FOREIGN;
}
