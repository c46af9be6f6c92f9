/*
 * head: the grammar of a request's head. What the fields mean together is
 * tested in test_request.c, the sizes in test_head_limits.c.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define HOST "Host: a\r\n"
#define END  HOST "\r\n"
#define LINE "GET / HTTP/1.1\r\n"

static const struct head good[] = {
    {"the simplest", 200, BYTES(LINE END)},
    {"9112, 2.2: empty lines first", 200, BYTES("\r\n" LINE END)},
    {"9112, 2.2: empty lines first", 200, BYTES("\r\n\r\n\r\n" LINE END)},
    {"9112, 2.3: HTTP/1.0", 200, BYTES("GET / HTTP/1.0\r\n\r\n")},
    {"9110, 2.5: a later minor", 200, BYTES("GET / HTTP/1.2\r\n" END)},
    {"9110, 2.5: a later minor", 200, BYTES("GET / HTTP/1.9\r\n" END)},
    {"9110, 9.1: any token", 200,
     BYTES("!#$%&'*+-.^_`|~9zZ / HTTP/1.1\r\n" END)},
    {"9112, 3.2.1: with query", 200, BYTES("GET /a?b?c=/d& HTTP/1.1\r\n" END)},
    {"9112, 3.2.1: two slashes", 200, BYTES("GET //a HTTP/1.1\r\n" END)},
    {"9112, 3.2.2: absolute", 200, BYTES("GET http://b/ HTTP/1.1\r\n" END)},
    {"9112, 3.2.2: no path", 200, BYTES("GET http://b HTTP/1.1\r\n" END)},
    {"9112, 3.2.4: asterisk", 200, BYTES("OPTIONS * HTTP/1.1\r\n" END)},
    {"9112, 5.1: no OWS", 200, BYTES(LINE "Host:a\r\n\r\n")},
    {"9112, 5.1: much OWS", 200, BYTES(LINE "Host:\t  a \t \r\n\r\n")},
    {"9112, 5.1: empty value", 200, BYTES(LINE "X:\r\nY: \r\n" END)},
    {"9110, 5.1: names, any case", 200, BYTES(LINE "hOsT: a\r\n\r\n")},
    {"9110, 5.5: obs-text", 200,
     BYTES(LINE "X: \x80\xff \xed\x95\x9c\r\n" END)},
    {"9110, 5.5: tab, colon", 200, BYTES(LINE "X: a\tb:c :\r\n" END)},
    {"9110, 5.6.2: tchar", 200, BYTES(LINE "!#$%&'*+-.^_`|~09azAZ:\r\n" END)},
};

Test(head, good_heads)
{
    check_heads(good, COUNT(good));
}

static const struct head bad_lines[] = {
    {"9112, 3: two spaces", 400, BYTES("GET  / HTTP/1.1\r\n" END)},
    {"9112, 3: two spaces", 400, BYTES("GET /  HTTP/1.1\r\n" END)},
    {"9112, 3: a tab", 400, BYTES("GET\t/ HTTP/1.1\r\n" END)},
    {"9112, 3: a tab", 400, BYTES("GET /\tHTTP/1.1\r\n" END)},
    {"9112, 3: space first", 400, BYTES(" GET / HTTP/1.1\r\n" END)},
    {"9112, 3: no method", 400, BYTES(" / HTTP/1.1\r\n" END)},
    {"9112, 3: space last", 400, BYTES("GET / HTTP/1.1 \r\n" END)},
    {"9112, 3: no target", 400, BYTES("GET HTTP/1.1\r\n" END)},
    {"9112, 3: nothing but a method", 400, BYTES("GET\r\n" END)},
    {"9112, 3: HTTP/0.9", 400, BYTES("GET /\r\n\r\n")},
    {"9112, 3: space in target", 400, BYTES("GET /a b HTTP/1.1\r\n" END)},
    {"9112, 2.2: bare LF", 400, BYTES("GET / HTTP/1.1\n" END)},
    {"9112, 2.2: bare LF", 400, BYTES("GET /\nHTTP/1.1\r\n" END)},
    {"9112, 2.2: bare LF before", 400, BYTES("\n" LINE END)},
    {"9112, 2.2: bare CR before", 400, BYTES("\r" LINE END)},
    {"9112, 2.2: bare CR", 400, BYTES("GET / HTTP/1.1\r\r\n" END)},
    {"9112, 2.2: bare CR", 400, BYTES("GET /\r HTTP/1.1\r\n" END)},
    {"9110, 9.1: no token", 400, BYTES("G(T / HTTP/1.1\r\n" END)},
    {"9110, 9.1: no token", 400, BYTES("G\0T / HTTP/1.1\r\n" END)},
    {"9110, 9.1: no token", 400, BYTES("G\x80T / HTTP/1.1\r\n" END)},
    {"9110, 9.1: TLS", 400, BYTES("\x16\x03\x01\x02\x00\x01\x00\x01")},
    {"3986, 2: NUL", 400, BYTES("GET /\0 HTTP/1.1\r\n" END)},
    {"3986, 2: DEL", 400, BYTES("GET /\x7f HTTP/1.1\r\n" END)},
    {"3986, 2: not ASCII", 400, BYTES("GET /\xed\x95\x9c HTTP/1.1\r\n" END)},
    {"9112, 3.2: fragment", 400, BYTES("GET /#a HTTP/1.1\r\n" END)},
    {"9112, 3.2: fragment", 400, BYTES("GET /?q#a HTTP/1.1\r\n" END)},
    {"9112, 3.2: no slash", 400, BYTES("GET a HTTP/1.1\r\n" END)},
    {"9112, 3.2: no slash", 400, BYTES("GET ?a HTTP/1.1\r\n" END)},
    {"9112, 3.2.3: authority", 400, BYTES("GET a:80 HTTP/1.1\r\n" END)},
    {"9112, 3.2.4: not OPTIONS", 400, BYTES("GET * HTTP/1.1\r\n" END)},
    {"9112, 3.2.4: more than *", 400, BYTES("OPTIONS *a HTTP/1.1\r\n" END)},
    {"9110, 4.2.1: no host", 400, BYTES("GET http:///a HTTP/1.1\r\n" END)},
    {"9110, 4.2.1: no host", 400, BYTES("GET http:// HTTP/1.1\r\n" END)},
    {"9110, 4.2.1: no host", 400, BYTES("GET http://?a HTTP/1.1\r\n" END)},
    {"9110, 4.2.1: no host", 400, BYTES("GET http://:80/ HTTP/1.1\r\n" END)},
    {"9110, 4.2.4: user", 400, BYTES("GET http://u@b/ HTTP/1.1\r\n" END)},
    {"3986, 3.2.3: port", 400, BYTES("GET http://b:x/ HTTP/1.1\r\n" END)},
    {"not http", 400, BYTES("GET https://b/ HTTP/1.1\r\n" END)},
    {"not http", 400, BYTES("GET ftp://b/ HTTP/1.1\r\n" END)},
    {"not http", 400, BYTES("GET http:/b HTTP/1.1\r\n" END)},
    {"9112, 2.3: case", 400, BYTES("GET / http/1.1\r\n" END)},
    {"9112, 2.3: no digit", 400, BYTES("GET / HTTP/x.1\r\n" END)},
    {"9112, 2.3: no digit", 400, BYTES("GET / HTTP/1.x\r\n" END)},
    {"9112, 2.3: no minor", 400, BYTES("GET / HTTP/1\r\n" END)},
    {"9112, 2.3: no dot", 400, BYTES("GET / HTTP/1-1\r\n" END)},
    {"9112, 2.3: two digits", 400, BYTES("GET / HTTP/1.10\r\n" END)},
    {"9112, 2.3: two digits", 400, BYTES("GET / HTTP/11.1\r\n" END)},
    {"9112, 2.3: space", 400, BYTES("GET / HTTP/ 1.1\r\n" END)},
    {"9112, 2.3: space", 400, BYTES("GET / HTTP /1.1\r\n" END)},
    {"9112, 2.3: other", 400, BYTES("GET / ICY/1.1\r\n" END)},
    {"9110, 15.6.6: HTTP/2", 505, BYTES("GET / HTTP/2.0\r\n" END)},
    {"9110, 15.6.6: HTTP/0", 505, BYTES("GET / HTTP/0.9\r\n" END)},
    {"9110, 9.3.6: CONNECT", 501, BYTES("CONNECT a:1 HTTP/1.1\r\n" END)},
};

Test(head, bad_request_lines)
{
    check_heads(bad_lines, COUNT(bad_lines));
}

static const struct head bad_fields[] = {
    {"9112, 5.2: obs-fold", 400, BYTES(LINE HOST "X: a\r\n b\r\n\r\n")},
    {"9112, 5.2: obs-fold", 400, BYTES(LINE HOST "X: a\r\n\tb\r\n\r\n")},
    {"9112, 5.2: obs-fold", 400, BYTES(LINE HOST " \r\n\r\n")},
    {"9112, 2.2: space before fields", 400, BYTES(LINE " " END)},
    {"9112, 5.1: space before colon", 400, BYTES(LINE "Host : a\r\n\r\n")},
    {"9112, 5.1: tab before colon", 400, BYTES(LINE "Host\t: a\r\n\r\n")},
    {"9112, 5.1: no name", 400, BYTES(LINE ": a\r\n" END)},
    {"9112, 5.1: no colon", 400, BYTES(LINE "Host\r\n\r\n")},
    {"9112, 5.1: no colon", 400, BYTES(LINE HOST "X\r\n\r\n")},
    {"9110, 5.1: no token", 400, BYTES(LINE "X Y: a\r\n" END)},
    {"9110, 5.1: no token", 400, BYTES(LINE "X@Y: a\r\n" END)},
    {"9110, 5.1: no token", 400, BYTES(LINE "\"X\": a\r\n" END)},
    {"9110, 5.1: NUL in name", 400, BYTES(LINE "X\0: a\r\n" END)},
    {"9110, 5.1: no ASCII", 400, BYTES(LINE "X\x80: a\r\n" END)},
    {"9110, 5.1: DEL in name", 400, BYTES(LINE "X\x7f: a\r\n" END)},
    {"9110, 5.5: NUL in value", 400, BYTES(LINE "X: a\0b\r\n" END)},
    {"9110, 5.5: NUL in value", 400, BYTES(LINE "X: \0\r\n" END)},
    {"9110, 5.5: control byte", 400, BYTES(LINE "X: \x01\r\n" END)},
    {"9110, 5.5: control byte", 400, BYTES(LINE "X: a\x1b[1m\r\n" END)},
    {"9110, 5.5: control byte", 400, BYTES(LINE "X: a\vb\r\n" END)},
    {"9110, 5.5: DEL", 400, BYTES(LINE "X: \x7f\r\n" END)},
    {"9112, 2.2: bare CR in value", 400, BYTES(LINE "X: a\rb\r\n" END)},
    {"9112, 2.2: bare CR at end", 400, BYTES(LINE "X: a\r\r\n" END)},
    {"9112, 2.2: bare LF in value", 400, BYTES(LINE "X: a\nb\r\n" END)},
    {"9112, 2.2: bare LF at end", 400, BYTES(LINE "Host: a\n\r\n")},
    {"9112, 2.2: bare LF smuggles", 400, BYTES(LINE "X: a\nY: b\r\n" END)},
    {"9112, 2.2: bare LF ends head", 400, BYTES(LINE HOST "\n")},
    {"9112, 2.2: CR CR LF ends head", 400, BYTES(LINE HOST "\r\r\n")},
};

Test(head, bad_fields)
{
    check_heads(bad_fields, COUNT(bad_fields));
}

static const struct {
    const char *name;
    enum method method;
} methods[] = {{"GET", METHOD_GET},         {"HEAD", METHOD_HEAD},
               {"POST", METHOD_POST},       {"OPTIONS", METHOD_OPTIONS},
               {"PUT", METHOD_OTHER},       {"DELETE", METHOD_OTHER},
               {"TRACE", METHOD_OTHER},     {"PATCH", METHOD_OTHER},
               {"get", METHOD_UNKNOWN},     {"GETS", METHOD_UNKNOWN},
               {"GE", METHOD_UNKNOWN},      {"BREW", METHOD_UNKNOWN},
               {"PROPFIND", METHOD_UNKNOWN}};

Test(head, methods)
{
    for (size_t i = 0; i < COUNT(methods); i++) {
        struct request r;
        char head[64];

        snprintf(head, sizeof head, "%s / HTTP/1.1\r\n" END, methods[i].name);
        parse_good_head(head, &r);
        cr_expect(r.method == methods[i].method, "%s", methods[i].name);
        expect_slice(r.method_name, methods[i].name, "method");
    }
}

static const struct {
    const char *target, *path, *query, *authority;
} targets[] = {
    {"/", "/", "", "a"},
    {"/x%20y", "/x%20y", "", "a"},
    {"/x?", "/x", "", "a"},
    {"/x?y=1&z?", "/x", "y=1&z?", "a"},
    {"//x/", "//x/", "", "a"},
    {"/http://b/", "/http://b/", "", "a"},
    {"http://b", "/", "", "b"},
    {"http://b/", "/", "", "b"},
    {"HTTP://B:80/x?y", "/x", "y", "B:80"},
    {"http://b?y", "/", "y", "b"},
    {"http://[::1]:3000/x", "/x", "", "[::1]:3000"},
};

Test(head, targets)
{
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct request r;
        char head[96];

        snprintf(head, sizeof head, "GET %s HTTP/1.1\r\n" END,
                 targets[i].target);
        parse_good_head(head, &r);
        expect_slice(r.target, targets[i].target, "target");
        expect_slice(r.path, targets[i].path, targets[i].target);
        expect_slice(r.query, targets[i].query, targets[i].target);
        expect_slice(r.authority, targets[i].authority, targets[i].target);
    }
}

Test(head, options_of_the_server)
{
    struct request r;

    parse_good_head("OPTIONS * HTTP/1.1\r\n" END, &r);
    expect_slice(r.path, "*", "path");
    cr_expect_eq(r.query.len, 0);
}

Test(head, fields)
{
    struct request r;

    parse_good_head(LINE HOST "A-b:\t x, y \r\na-B: z\r\nEmpty:\r\n\r\n", &r);
    cr_expect_eq(r.field_count, 4);
    expect_slice(r.fields[1].name, "A-b", "name as sent");
    expect_slice(request_field(&r, "a-b"), "x, y", "the first of two");
    expect_slice(r.fields[2].value, "z", "the second");
    expect_slice(request_field(&r, "host"), "a", "host");
    cr_expect(request_field(&r, "empty").at != NULL);
    cr_expect_eq(request_field(&r, "empty").len, 0);
    cr_expect(request_field(&r, "a").at == NULL);
    cr_expect(request_field(&r, "a-bc").at == NULL);
}

/* What was seen is overwritten, with bytes that would be refused: it must not
 * be looked at again. But a CR that waits for its LF is. */
Test(head, no_byte_is_looked_at_twice)
{
    static const char head[] =
        LINE "Host:  a b\r\nA-very-long-name-of-a-field: \r\nX:y z\r\n\r\n";
    const size_t line = strlen(LINE);
    struct request r;
    char copy[sizeof head];
    int status = 0;

    head_begin(&r);
    for (size_t len = 1; len < sizeof head; len++) {
        cr_assert_eq(status, 0, "after %zu bytes", len - 1);
        copy[len - 1] = head[len - 1];
        if (len > line + 2)
            memset(copy + line, '\0', len - 2 - line);
        status = head_more(copy, len, &r);
    }
    cr_expect_eq(status, 200);
    cr_expect_eq(r.field_count, 3);
    cr_expect_eq(r.head_len, strlen(head));
}

/* Of the request line the method, which may be long, and the target. */
Test(head, parts_are_remembered)
{
    struct request r;
    char copy[] = "OPTIONS /path HTTP/1.1\r\n" END;

    head_begin(&r);
    cr_expect_eq(head_more(copy, 3, &r), 0);
    memset(copy, ' ', 3);
    cr_expect_eq(head_more(copy, 12, &r), 0);
    memset(copy + 9, '\0', 3);
    cr_expect_eq(head_more(copy, strlen(copy + 12) + 12, &r), 200);
    cr_expect_eq(r.method_name.len, strlen("OPTIONS"));
    cr_expect_eq(r.target.len, strlen("/path"));
}

/* For the log. */
Test(head, a_refusal_keeps_what_came_before)
{
    const char head[] = "PUT /x?y HTTP/1.1\r\nBad Field: a\r\n\r\n";
    struct request r;

    cr_expect_eq(parse_at_once(head, strlen(head), &r), 400);
    expect_slice(r.method_name, "PUT", "method");
    expect_slice(r.target, "/x?y", "target");
    expect_slice(r.path, "/x", "path");
    cr_expect_eq(parse_at_once("\x01", 1, &r), 400);
    cr_expect_eq(r.target.len, 0, "left over from the request before");
    cr_expect_eq(r.path.len, 0);
}
