/* target: see target.h. */
#include "http/target.h"

#include "http/grammar.h"

#include <stdio.h>
#include <string.h>

/* The byte that the two digits after a '%' stand for, or -1. */
static int decode_escape(struct slice s, size_t at)
{
    int high, low;

    if (s.len - at < 3)
        return -1;
    high = grammar_hex(s.at[at + 1]);
    low = grammar_hex(s.at[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool decode(struct slice s, bool plus_is_space, char *out, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];

        if (c == '%') {
            int byte = decode_escape(s, i);

            if (byte <= 0)
                return false;
            c = (char)byte;
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (len + 1 >= size)
            return false;
        out[len++] = c;
    }
    out[len] = '\0';
    return true;
}

bool target_decode_path(struct slice path, char *out, size_t size)
{
    return decode(path, false, out, size);
}

/* Appends to the *len bytes of `out`; false if there is no room for a '\0'
 * behind them. A byte that no URI has is percent-encoded: among them the
 * backslash, which browsers read as a slash. */
static bool append(struct slice s, char *out, size_t size, size_t *len)
{
    for (size_t i = 0; i < s.len; i++) {
        const bool plain =
            grammar_is_visible(s.at[i]) && !strchr("\"<>\\^`{|}#", s.at[i]);

        if (*len + (plain ? 1 : 3) >= size)
            return false;
        if (plain)
            out[(*len)++] = s.at[i];
        else
            *len += (size_t)sprintf(out + *len, "%%%02X", (uint8_t)s.at[i]);
    }
    out[*len] = '\0';
    return true;
}

bool target_add_slash(struct slice path, struct slice query, char *out,
                      size_t size)
{
    size_t len = 0;

    while (path.len > 0 && path.at[0] == '/') {
        path.at++;
        path.len--;
    }
    return append(slice_of("/"), out, size, &len) &&
           append(path, out, size, &len) &&
           append(slice_of("/"), out, size, &len) &&
           (!query.at || (append(slice_of("?"), out, size, &len) &&
                          append(query, out, size, &len)));
}

bool target_query(struct slice query, const char *name, char *out, size_t size)
{
    while (query.at) {
        struct slice value = slice_cut(&query, '&');
        struct slice key = slice_cut(&value, '=');

        if (!slice_is(key, name))
            continue;
        if (!decode(value, true, out, size)) {
            out[0] = '?';
            out[1] = '\0';
        }
        return true;
    }
    return false;
}

static bool only_chars(struct slice s, const char *extra)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
              (c >= 'A' && c <= 'Z') || (c && strchr(extra, c))))
            return false;
    }
    return true;
}

static bool only_digits(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

bool target_valid_authority(struct slice authority)
{
    struct slice rest = authority, host;

    if (authority.len > 0 && authority.at[0] == '[') {
        host = slice_cut(&rest, ']');
        host.at++;
        host.len--;
        if (!rest.at || !only_chars(host, ":.") || host.len == 0)
            return false;
        if (rest.len == 0)
            return true;
        return rest.at[0] == ':' &&
               only_digits((struct slice){rest.at + 1, rest.len - 1});
    }
    host = slice_cut(&rest, ':');
    return only_chars(host, "-._~%!$&'()*+,;=") &&
           (!rest.at || only_digits(rest));
}

bool target_cut_authority(struct slice *target, struct slice *authority)
{
    const size_t scheme = strlen("http://");
    struct slice rest = *target;
    size_t len = 0;

    if (rest.len < scheme ||
        !slice_is_nocase((struct slice){rest.at, scheme}, "http://"))
        return false;
    rest = (struct slice){rest.at + scheme, rest.len - scheme};
    while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?')
        len++;
    *authority = (struct slice){rest.at, len};
    *target = (struct slice){rest.at + len, rest.len - len};
    /* An http URI has a host (RFC 9110, 4.2.1). */
    return target_valid_authority(*authority) && len > 0 &&
           authority->at[0] != ':';
}
