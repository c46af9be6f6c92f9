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

/* Cuts "http://" or "https://" off an origin. Returns the scheme's own port, or
 * NULL if it is neither. */
static const char *cut_scheme(struct slice *origin)
{
    const struct slice scheme = slice_cut(origin, ':');
    const bool https = slice_is_nocase(scheme, "https");

    if (!https && !slice_is_nocase(scheme, "http"))
        return NULL;
    if (origin->len < 2 || memcmp(origin->at, "//", 2) != 0)
        return NULL;
    origin->at += 2;
    origin->len -= 2;
    return https ? "443" : "80";
}

/* Is it a page that this very host and port sent? A proxy may have taken TLS
 * off, so the scheme only says which port is meant where none is named. */
static bool is_own(struct slice origin, struct slice host)
{
    const char *fallback = cut_scheme(&origin);
    struct slice origin_port, host_port;

    if (!fallback)
        return false;
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

/* A name may end with a dot, which only says that the name is complete. */
static struct slice without_dot(struct slice name)
{
    if (name.len > 0 && name.at[name.len - 1] == '.')
        name.len--;
    return name;
}

static bool same_name(struct slice a, struct slice b)
{
    return slice_same_nocase(without_dot(a), without_dot(b));
}

bool origin_is_localhost(struct slice name)
{
    const struct slice top = slice_of("localhost");

    name = without_dot(name);
    if (name.len > top.len + 1 && name.at[name.len - top.len - 1] == '.')
        name = (struct slice){name.at + name.len - top.len, top.len};
    return slice_same_nocase(name, top);
}

bool origin_is_our_name(struct slice host, const struct settings *s)
{
    cut_port(&host, "");
    if (is_address(host) || origin_is_localhost(host) ||
        same_name(host, slice_of(s->host)))
        return true;
    for (size_t i = 0; i < s->server_name.count; i++)
        if (same_name(s->server_name.items[i], host))
            return true;
    return false;
}

/*
 * Is it a page that came through a proxy of ours, which writes our name into
 * Host, as the development servers of bundlers do? Then the browser says that
 * the page asks where it came from, and no page can make it say so (Fetch
 * Metadata). The origin must be a name of ours, too: a stranger's may
 * point to the proxy (DNS rebinding).
 */
static bool is_proxied(const struct request *r, struct slice origin,
                       const struct settings *s)
{
    return slice_is(request_field(r, "Sec-Fetch-Site"), "same-origin") &&
           cut_scheme(&origin) && origin_is_our_name(origin, s);
}

/*
 * The first three are what a browser says of a page. But a page can keep its
 * own name back (Referrer-Policy), a GET to its own origin has no Origin, and
 * browsers send Sec-Fetch-Site only to https and localhost. What remains is
 * what a browser says of itself. A script can change one field or the other,
 * but cannot take it away. Node's fetch has Accept-Language, too; it also sends
 * Sec-Fetch-Mode, which no page can add.
 */
static bool is_browser(const struct request *r)
{
    const struct slice agent = request_field(r, "User-Agent");
    const struct slice mozilla = slice_of("Mozilla/");

    if (request_field(r, "Sec-Fetch-Site").at ||
        request_field(r, "Origin").at || request_field(r, "Referer").at)
        return true;
    if (agent.len >= mozilla.len &&
        memcmp(agent.at, mozilla.at, mozilla.len) == 0)
        return true;
    return request_field(r, "Accept-Language").at &&
           !request_field(r, "Sec-Fetch-Mode").at;
}

bool origin_is_rebound(const struct request *r, const struct settings *s)
{
    return !origin_is_our_name(r->authority, s) && is_browser(r) &&
           !origin_any(s) && origin_judge(r, s) != ORIGIN_NAMED;
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
    for (size_t i = 0; i < s->allow_origin.count; i++)
        if (slice_same_nocase(s->allow_origin.items[i], origin) &&
            !slice_is(origin, "*"))
            return ORIGIN_NAMED;
    if (origin_any(s))
        return ORIGIN_ANY;
    if (origin_is_our_name(r->authority, s) &&
        (is_own(origin, r->authority) || is_proxied(r, origin, s)))
        return ORIGIN_OWN;
    return ORIGIN_FOREIGN;
}
