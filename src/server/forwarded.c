/* forwarded: see forwarded.h. */
#include "server/forwarded.h"

#include "server/clients.h"

#include <arpa/inet.h>
#include <string.h>

/* Cuts brackets and a port off. */
static struct slice bare(struct slice text)
{
    struct slice rest = text, before;

    if (text.len > 0 && text.at[0] == '[') {
        rest.at++;
        rest.len--;
        return slice_cut(&rest, ']');
    }
    before = slice_cut(&rest, ':');
    if (rest.at && !memchr(rest.at, ':', rest.len))
        return before;
    return text;
}

bool forwarded_address(struct slice text, struct in6_addr *address)
{
    char string[INET6_ADDRSTRLEN] = "";
    struct in_addr four;

    if (text.len == 0 || text.len >= sizeof string)
        return false;
    memcpy(string, text.at, text.len);
    if (inet_pton(AF_INET6, string, address) == 1)
        return true;
    if (inet_pton(AF_INET, string, &four) != 1)
        return false;
    *address = peer_map_ipv4(four);
    return true;
}

bool forwarded_parse(struct slice text, struct in6_addr *address)
{
    return forwarded_address(bare(slice_trim(text)), address);
}

static bool is_trusted(const struct in6_addr *address,
                       const struct settings_addresses *trusted)
{
    for (size_t i = 0; i < trusted->count; i++)
        if (IN6_ARE_ADDR_EQUAL(&trusted->items[i], address))
            return true;
    return false;
}

/* Cuts off and returns what stands behind the last comma. */
static struct slice cut_last(struct slice *list)
{
    struct slice last = *list;

    for (size_t i = list->len; i > 0; i--)
        if (list->at[i - 1] == ',') {
            last = (struct slice){list->at + i, list->len - i};
            list->len = i - 1;
            return last;
        }
    list->len = 0;
    return last;
}

struct in6_addr forwarded_client(const struct request *r, struct in6_addr peer,
                                 const struct settings_addresses *trusted)
{
    for (size_t i = r->field_count; i > 0; i--) {
        struct slice list = r->fields[i - 1].value;

        if (!slice_is_nocase(r->fields[i - 1].name, "X-Forwarded-For"))
            continue;
        while (list.len > 0) {
            struct in6_addr before;

            if (!is_trusted(&peer, trusted))
                return peer;
            if (!forwarded_parse(cut_last(&list), &before))
                return (struct in6_addr)IN6ADDR_ANY_INIT;
            peer = before;
        }
    }
    return peer;
}

struct peer forwarded_peer(const struct exchange *x)
{
    const struct settings_addresses *trusted =
        &x->context->settings.trust_proxy;
    const struct peer peer = peer_of(x->client->fd);
    const struct in6_addr address = peer_address(&peer);

    if (!is_trusted(&address, trusted))
        return peer;
    return (struct peer){.address.sin6_family = AF_INET6,
                         .address.sin6_addr =
                             forwarded_client(&x->request, address, trusted)};
}
