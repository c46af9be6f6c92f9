/* url: see url.h. */
#include "journal/redis/url.h"

#include "base/slice.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SCHEME "redis://"

static int hex(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Copies a part as a string, with its %XX decoded (RFC 3986, 2.1). */
static bool decode(struct slice part, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < part.len; i++) {
        char c = part.at[i];

        if (c == '%') {
            const int high = i + 2 < part.len ? hex(part.at[i + 1]) : -1;
            const int low = high >= 0 ? hex(part.at[i + 2]) : -1;

            if (low < 0)
                return false;
            c = (char)(16 * high + low);
            i += 2;
        }
        if (c == '\0' || n + 1 == size)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

/* A decimal number as a string. */
static bool number(struct slice part, uint64_t max, char *out, size_t size)
{
    uint64_t n;

    return slice_number(part, max, &n) && decode(part, out, size);
}

/* [USER]:PASSWORD; a password may have a colon. */
static bool read_user(struct url *u, struct slice part)
{
    struct slice password = part, user = slice_cut(&password, ':');

    return password.at && decode(user, u->user, sizeof u->user) &&
           decode(password, u->password, sizeof u->password);
}

/* HOST[:PORT]; an IPv6 address stands in brackets. */
static bool read_place(struct url *u, struct slice part)
{
    struct slice host, rest = part;

    if (part.len > 0 && part.at[0] == '[') {
        rest = (struct slice){part.at + 1, part.len - 1};
        host = slice_cut(&rest, ']');
        if (!rest.at || (rest.len > 0 && rest.at[0] != ':'))
            return false;
        if (rest.len > 0)
            rest = (struct slice){rest.at + 1, rest.len - 1};
        else
            rest.at = NULL;
    } else {
        host = slice_cut(&rest, ':');
    }
    return host.len > 0 && decode(host, u->host, sizeof u->host) &&
           (!rest.at || number(rest, 65535, u->port, sizeof u->port));
}

/* [/DB] */
static bool read_db(struct url *u, struct slice part)
{
    return part.len == 0 || number(part, 99999, u->db, sizeof u->db);
}

static bool read_key(struct url *u, struct slice query)
{
    const size_t name = strlen("key=");

    if (!query.at)
        return true;
    return query.len > name && memcmp(query.at, "key=", name) == 0 &&
           decode((struct slice){query.at + name, query.len - name}, u->key,
                  sizeof u->key);
}

/* A password may have an @ of its own: the last one counts. */
static struct slice cut_user(struct slice *place)
{
    const char *at = memrchr(place->at, '@', place->len);
    struct slice user = {NULL, 0};

    if (!at)
        return user;
    user = (struct slice){place->at, (size_t)(at - place->at)};
    *place = (struct slice){at + 1, place->len - user.len - 1};
    return user;
}

static void print_shown(struct url *u)
{
    const char *colon = strchr(u->host, ':');

    snprintf(u->shown, sizeof u->shown, SCHEME "%s%s%s:%s/%s?key=%s",
             colon ? "[" : "", u->host, colon ? "]" : "", u->port, u->db,
             u->key);
}

bool url_parse(const char *text, struct url *u, char error[JOURNAL_ERROR_SIZE])
{
    struct slice query = slice_of(text), db, place, user = {NULL, 0};
    const char *wrong = NULL;

    *u = (struct url){.port = "6379", .db = "0", .key = "crier"};
    if (query.len < strlen(SCHEME) ||
        memcmp(text, SCHEME, strlen(SCHEME)) != 0) {
        snprintf(error, JOURNAL_ERROR_SIZE, "it does not begin with " SCHEME);
        return false;
    }
    query.at += strlen(SCHEME);
    query.len -= strlen(SCHEME);
    /* A user's name and password end at the last @, whatever is in them. */
    user = cut_user(&query);
    db = slice_cut(&query, '?');
    place = slice_cut(&db, '/');
    if (user.at && !read_user(u, user))
        wrong = "before the @, :PASSWORD is expected, or USER:PASSWORD";
    else if (!read_place(u, place))
        wrong = "after redis://, HOST:PORT is expected";
    else if (!read_db(u, db))
        wrong = "after the /, a database's number is expected";
    else if (!read_key(u, query))
        wrong = "after the ?, only key=NAME is expected";
    if (wrong)
        snprintf(error, JOURNAL_ERROR_SIZE, "%s", wrong);
    else
        print_shown(u);
    return !wrong;
}
