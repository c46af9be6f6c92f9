/*
 * head: see head.h.
 *
 * The parser walks a cursor over the buffer, line by line: the request line,
 * field lines, an empty line. Each step returns 0 where the bytes end, GO_ON
 * where it is content, or the status of the refusal.
 */
#include "http/head.h"

#include "http/grammar.h"
#include "http/target.h"

#include <string.h>

enum { GO_ON = 1 };

enum { TLS_HANDSHAKE = 0x16 }; /* a hello's first byte (RFC 8446, 5.1) */

struct cursor {
    const char *start, *at, *end;
    struct request *r;
};

static int refuse_head(struct cursor *c, int status, const char *reason)
{
    if (c->at < c->end && *c->at == '\n') /* typed by hand, say */
        reason = "lines must end with CR LF";
    c->r->reason = reason;
    return status;
}

/* Steps over the characters that `accept` takes; they become *taken. */
static void take_while(struct cursor *c, bool (*accept)(char),
                       struct slice *taken)
{
    taken->at = c->at;
    while (c->at < c->end && accept(*c->at))
        c->at++;
    taken->len = (size_t)(c->at - taken->at);
}

/* Steps over exactly this text. */
static int expect(struct cursor *c, const char *text, const char *reason)
{
    for (; *text; text++, c->at++) {
        if (c->at == c->end)
            return 0;
        if (*c->at != *text)
            return refuse_head(c, 400, reason);
    }
    return GO_ON;
}

static int parse_method(struct cursor *c)
{
    static const struct {
        const char *name;
        enum method method;
    } methods[] = {
        {"GET", METHOD_GET},         {"HEAD", METHOD_HEAD},
        {"POST", METHOD_POST},       {"OPTIONS", METHOD_OPTIONS},
        {"PUT", METHOD_OTHER},       {"DELETE", METHOD_OTHER},
        {"TRACE", METHOD_OTHER},     {"PATCH", METHOD_OTHER},
        {"CONNECT", METHOD_UNKNOWN},
    };
    struct request *r = c->r;

    take_while(c, grammar_is_token, &r->method_name);
    if (c->at == c->end)
        return 0;
    if (r->method_name.len == 0)
        return refuse_head(c, 400,
                           *c->at == TLS_HANDSHAKE
                               ? "this looks like https: use http://"
                               : "the request line must begin with a method");
    r->method = METHOD_UNKNOWN;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (slice_is(r->method_name, methods[i].name))
            r->method = methods[i].method;
    return expect(c, " ", "a single space must follow the method");
}

/* "http://authority/path" (RFC 9112, 3.2.2): cuts the authority off. */
static bool cut_authority(struct request *r, struct slice *rest)
{
    const size_t scheme = strlen("http://");
    size_t len = 0;

    if (rest->len < scheme ||
        !slice_is_nocase((struct slice){rest->at, scheme}, "http://"))
        return false;
    rest->at += scheme;
    rest->len -= scheme;
    while (len < rest->len && rest->at[len] != '/' && rest->at[len] != '?')
        len++;
    r->authority = (struct slice){rest->at, len};
    rest->at += len;
    rest->len -= len;
    /* An http URI has a host (RFC 9110, 4.2.1). */
    return target_valid_authority(r->authority) && len > 0 &&
           r->authority.at[0] != ':';
}

static int split_target(struct cursor *c)
{
    struct request *r = c->r;
    struct slice rest = r->target;

    if (slice_is(r->method_name, "CONNECT"))
        return refuse_head(c, 501, "CONNECT is not served");
    if (memchr(rest.at, '#', rest.len))
        return refuse_head(c, 400, "a request target has no fragment");
    if (slice_is(rest, "*") && r->method == METHOD_OPTIONS) {
        r->path = rest;
        return GO_ON;
    }
    if (rest.at[0] != '/' && !cut_authority(r, &rest))
        return refuse_head(c, 400, "the request target must be a path");
    r->path = slice_cut(&rest, '?');
    r->query = rest;
    if (r->path.len == 0)
        r->path = slice_of("/");
    return GO_ON;
}

static int parse_target(struct cursor *c)
{
    struct request *r = c->r;

    take_while(c, grammar_is_visible, &r->target);
    if (r->target.len > LIMIT_TARGET)
        return refuse_head(c, 414, "the request target is too long");
    if (c->at == c->end)
        return 0;
    if (r->target.len == 0 || *c->at != ' ')
        return refuse_head(c, 400, "the request target has a forbidden byte");
    c->at++;
    return split_target(c);
}

static int parse_version(struct cursor *c)
{
    static const char bad[] = "the request line must end with HTTP/1.1";
    int step = expect(c, "HTTP/", bad);
    char major, minor;

    if (step != GO_ON)
        return step;
    if (c->end - c->at < 3)
        return c->at < c->end && (*c->at < '0' || *c->at > '9')
                   ? refuse_head(c, 400, bad)
                   : 0;
    major = c->at[0];
    minor = c->at[2];
    if (major < '0' || major > '9' || c->at[1] != '.' || minor < '0' ||
        minor > '9')
        return refuse_head(c, 400, bad);
    c->at += 3;
    c->r->minor = minor - '0';
    step = expect(c, "\r\n", bad);
    if (step == GO_ON && major != '1')
        return refuse_head(c, 505, "only HTTP/1.1 and HTTP/1.0 are served");
    return step;
}

static int parse_request_line(struct cursor *c)
{
    int step;

    /* An empty line before it is forgiven (RFC 9112, 2.2). */
    while (c->at < c->end && *c->at == '\r') {
        step = expect(c, "\r\n", "a bare CR");
        if (step != GO_ON)
            return step;
    }
    step = parse_method(c);
    if (step == GO_ON)
        step = parse_target(c);
    if (step == GO_ON)
        step = parse_version(c);
    return step;
}

static int parse_field(struct cursor *c)
{
    struct request *r = c->r;
    struct field field;
    int step;

    take_while(c, grammar_is_token, &field.name);
    if (c->at == c->end)
        return 0;
    if (field.name.len == 0 || *c->at != ':')
        return refuse_head(c, 400,
                           "a field name must be a token before a colon");
    c->at++;
    take_while(c, grammar_is_value, &field.value);
    step = expect(c, "\r\n", "a field value has a forbidden byte");
    if (step != GO_ON)
        return step;
    if (r->field_count == LIMIT_FIELDS)
        return refuse_head(c, 431, "too many fields");
    field.value = slice_trim(field.value);
    r->fields[r->field_count++] = field;
    return GO_ON;
}

static int parse_lines(struct cursor *c)
{
    int step = parse_request_line(c);

    while (step == GO_ON) {
        if (c->at < c->end && *c->at == '\r') {
            step = expect(c, "\r\n", "a bare CR");
            break;
        }
        step = parse_field(c);
    }
    if (step != GO_ON)
        return step;
    c->r->head_len = (size_t)(c->at - c->start);
    return 200;
}

int head_parse(const char *buffer, size_t len, struct request *r)
{
    /* Bytes beyond the limit do not change the answer. */
    size_t seen = len < LIMIT_HEAD ? len : LIMIT_HEAD;
    struct cursor c = {buffer, buffer, buffer + seen, r};
    int status;

    memset(r, 0, offsetof(struct request, fields));
    status = parse_lines(&c);
    if (status == 0 && seen == LIMIT_HEAD)
        return refuse_head(&c, 431, "the request head is too large");
    return status;
}
