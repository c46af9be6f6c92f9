/*
 * head: see head.h.
 *
 * The parser walks a cursor over the buffer, part by part: empty lines, the
 * parts of the request line, and the names and values of the fields. Each step
 * returns 0 where the bytes end, GO_ON where it is content, or the status of
 * the refusal, or 200 at the end of the head.
 *
 * When more bytes come, it goes on with the part in which the bytes ended, and
 * behind the characters of it that it has seen. So a head that comes byte by
 * byte costs no more than one that comes at once.
 */
#include "http/head.h"

#include "http/grammar.h"
#include "http/target.h"

#include <string.h>

enum { GO_ON = 1 };

enum part { EMPTY_LINES, METHOD, TARGET, VERSION, NAME, VALUE };

enum { TLS_HANDSHAKE = 0x16 }; /* a hello's first byte (RFC 8446, 5.1) */

struct cursor {
    const char *at, *end;
    struct request *r;
};

static int refuse_head(struct cursor *c, int status, const char *reason)
{
    if (c->at < c->end && *c->at == '\n') /* typed by hand, say */
        reason = "lines must end with CR LF";
    c->r->reason = reason;
    return status;
}

/* Steps over the characters that `accept` takes; they become *taken. Only for
 * the beginning of a part. */
static void take_while(struct cursor *c, bool (*accept)(char),
                       struct slice *taken)
{
    taken->at = c->at;
    c->at += c->r->progress.seen;
    while (c->at < c->end && accept(*c->at))
        c->at++;
    taken->len = (size_t)(c->at - taken->at);
    c->r->progress.seen = taken->len;
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
    if (rest.at[0] != '/' && !target_cut_authority(&rest, &r->authority))
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
        return refuse_head(c, 400,
                           "the request target has a forbidden byte: "
                           "percent-encode it");
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

/* An empty line before the request is forgiven (RFC 9112, 2.2), and more. */
static int skip_empty_lines(struct cursor *c)
{
    size_t *seen = &c->r->progress.seen;

    for (c->at += *seen; c->at < c->end && *c->at == '\r'; *seen += 2) {
        int step = expect(c, "\r\n", "a bare CR");

        if (step != GO_ON)
            return step;
    }
    return c->at < c->end ? GO_ON : 0;
}

/* The empty line that ends the head, or a field's name and colon. */
static int parse_name(struct cursor *c)
{
    int step;

    if (c->at < c->end && *c->at == '\r') {
        step = expect(c, "\r\n", "a bare CR");
        return step == GO_ON ? 200 : step;
    }
    take_while(c, grammar_is_token, &c->r->progress.name);
    if (c->at == c->end)
        return 0;
    if (c->r->progress.name.len == 0 || *c->at != ':')
        return refuse_head(c, 400,
                           "a field name must be a token before a colon");
    c->at++;
    return GO_ON;
}

static int parse_value(struct cursor *c)
{
    struct request *r = c->r;
    struct slice value;
    int step;

    take_while(c, grammar_is_value, &value);
    step = expect(c, "\r\n", "a field value has a forbidden byte");
    if (step != GO_ON)
        return step;
    if (r->field_count == LIMIT_FIELDS)
        return refuse_head(c, 431, "too many fields");
    r->fields[r->field_count++] =
        (struct field){r->progress.name, slice_trim(value)};
    return GO_ON;
}

void head_begin(struct request *r)
{
    memset(r, 0, offsetof(struct request, fields));
}

int head_more(const char *buffer, size_t len, struct request *r)
{
    static int (*const parse[])(struct cursor *) = {
        [EMPTY_LINES] = skip_empty_lines,
        [METHOD] = parse_method,
        [TARGET] = parse_target,
        [VERSION] = parse_version,
        [NAME] = parse_name,
        [VALUE] = parse_value,
    };
    /* Bytes beyond the limit do not change the answer. */
    size_t limit = len < LIMIT_HEAD ? len : LIMIT_HEAD;
    struct head_progress *p = &r->progress;
    struct cursor c = {buffer + p->done, buffer + limit, r};
    int step;

    while ((step = parse[p->part](&c)) == GO_ON) {
        p->part = p->part == VALUE ? NAME : p->part + 1;
        p->done = (size_t)(c.at - buffer);
        p->seen = 0;
    }
    if (step == 200)
        r->head_len = (size_t)(c.at - buffer);
    if (step == 0 && limit == LIMIT_HEAD)
        return refuse_head(&c, 431, "the request head is too large");
    return step;
}
