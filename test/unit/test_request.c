/*
 * request: what the fields of a head mean for its connection. Two readings of
 * where a body ends are how requests are smuggled (RFC 9112, 11.2): each such
 * head must be refused.
 */
#include "unit.h"

#include "http/request.h"
#include "http/target.h"

#define GET   "GET / HTTP/1.1\r\n"
#define GET10 "GET / HTTP/1.0\r\n"
#define POST  "POST / HTTP/1.1\r\nHost: a\r\n"
#define CL    "Content-Length: "
#define TE    "Transfer-Encoding: "
#define END   "\r\n\r\n"

static const struct head hosts[] = {
    {"9112, 3.2: missing", 400, BYTES(GET "\r\n")},
    {"9112, 3.2: missing", 400, BYTES(GET "X-Host: a" END)},
    {"9112, 3.2: missing", 400, BYTES("GET http://a/ HTTP/1.1\r\n\r\n")},
    {"9112, 3.2: two", 400, BYTES(GET "Host: a\r\nHost: b" END)},
    {"9112, 3.2: two alike", 400, BYTES(GET "Host: a\r\nhost: a" END)},
    {"9112, 3.2: two empty", 400, BYTES(GET "Host:\r\nHost:" END)},
    {"9112, 3.2: two in 1.0", 400, BYTES(GET10 "Host: a\r\nHost: a" END)},
    {"9112, 3.2: none in 1.0", 200, BYTES(GET10 "\r\n")},
    {"9112, 3.2: empty", 200, BYTES(GET "Host:" END)},
    {"3986, 3.2: port", 200, BYTES(GET "Host: a.example:3000" END)},
    {"3986, 3.2.3: port", 400, BYTES(GET "Host: a:b" END)},
    {"3986, 3.2.3: port", 400, BYTES(GET "Host: a:80:80" END)},
    {"9110, 7.2: user", 400, BYTES(GET "Host: u@a" END)},
    {"3986, 3.2.2: space", 400, BYTES(GET "Host: a b" END)},
    {"3986, 3.2.2: a path", 400, BYTES(GET "Host: a/b" END)},
    {"3986, 3.2.2: a list", 400, BYTES(GET "Host: http://a" END)},
    {"3986, 3.2.2: invalid in 1.0", 400, BYTES(GET10 "Host: a/b" END)},
    {"9112, 3.2: invalid", 400, BYTES("GET http://a/ HTTP/1.1\r\nHost: /" END)},
};

Test(request, host)
{
    check_heads(hosts, COUNT(hosts));
}

static const struct {
    const char *authority;
    bool valid;
} authorities[] = {
    {"", true},
    {"a", true},
    {"a-b_c.d~e", true},
    {"127.0.0.1:1", true},
    {"a:", true},
    {"a:0123456789", true},
    {"%EA%B0%80", true},
    {"!$&'()*+,;=", true},
    {"[::1]", true},
    {"[::1]:3000", true},
    {"[::ffff:1.2.3.4]", true},
    {"[::1", false},
    {"::1", false},
    {"[]", false},
    {"[::1]a", false},
    {"[::1]:a", false},
    {"[::1]]", false},
    {"[::1/]", false},
    {"a:-1", false},
    {"a:+1", false},
    {"a: 1", false},
    {"@", false},
    {"a?b", false},
    {"a#b", false},
    {"a\\b", false},
    {"a\"b", false},
    {"a<b", false},
    {"[", false},
    {"]", false},
    {"a\x7f", false},
    {"\xed\x95\x9c", false},
};

Test(request, authority)
{
    for (size_t i = 0; i < COUNT(authorities); i++)
        cr_expect(target_valid_authority(slice_of(authorities[i].authority)) ==
                      authorities[i].valid,
                  "%s", authorities[i].authority);
    cr_expect(!target_valid_authority((struct slice){BYTES("a\0")}));
}

static const struct head bodies[] = {
    {"9112, 6.3: length", 200, BYTES(POST CL "5" END)},
    {"9112, 6.3: length 0", 200, BYTES(POST CL "0" END)},
    {"9110, 8.6: leading zeros", 200, BYTES(POST CL "005" END)},
    {"9110, 8.6: the largest", 200, BYTES(POST CL "18446744073709551615" END)},
    {"9110, 8.6: overflow", 400, BYTES(POST CL "18446744073709551616" END)},
    {"9110, 8.6: overflow", 400, BYTES(POST CL "18446744073709551621" END)},
    {"9110, 8.6: overflow", 400, BYTES(POST CL "99999999999999999999999" END)},
    {"9110, 8.6: sign", 400, BYTES(POST CL "+5" END)},
    {"9110, 8.6: sign", 400, BYTES(POST CL "-5" END)},
    {"9110, 8.6: empty", 400, BYTES(POST CL END)},
    {"9110, 8.6: hexadecimal", 400, BYTES(POST CL "0x5" END)},
    {"9110, 8.6: fraction", 400, BYTES(POST CL "5.0" END)},
    {"9110, 8.6: exponent", 400, BYTES(POST CL "5e1" END)},
    {"9110, 8.6: space inside", 400, BYTES(POST CL "5 5" END)},
    {"6454, 7.3: Origin", 200, BYTES(GET "Host: a\r\nOrigin: b" END)},
    {"6454, 7.3: two", 400, BYTES(GET "Host: a\r\nOrigin: b\r\norigin: b" END)},
    {"6454, 7.3: in 1.0 too", 400, BYTES(GET10 "Origin: b\r\nOrigin: c" END)},
    {"9110, 8.6: not digits", 400, BYTES(POST CL "5x" END)},
    {"9110, 8.6: not ASCII digits", 400, BYTES(POST CL "\xd9\xa5" END)},
    {"9112, 6.3: list of others", 400, BYTES(POST CL "5, 6" END)},
    {"9112, 6.3: repeated alike", 200, BYTES(POST CL "5\r\n" CL "5" END)},
    {"9112, 6.3: repeated 0", 200, BYTES(POST CL "0\r\n" CL "00" END)},
    {"9112, 6.3: repeated other", 400, BYTES(POST CL "5\r\n" CL "6" END)},
    {"9112, 6.3: repeated other", 400, BYTES(POST CL "0\r\n" CL "5" END)},
    {"9112, 6.3: repeated other", 400, BYTES(POST CL "5\r\n" CL "x" END)},
    {"9112, 6.3: in 1.0 too", 400, BYTES(GET10 CL "5\r\n" CL "6" END)},
    {"9112, 7: chunked", 200, BYTES(POST TE "chunked" END)},
    {"9112, 7: any case", 200, BYTES(POST TE "ChunKed" END)},
    {"9110, 5.6.1: empty elements", 200, BYTES(POST TE ", chunked," END)},
    {"9112, 6.1: both", 400, BYTES(POST CL "5\r\n" TE "chunked" END)},
    {"9112, 6.1: both", 400, BYTES(POST TE "chunked\r\n" CL "5" END)},
    {"9112, 6.1: both", 400, BYTES(POST TE "chunked\r\n" CL "0" END)},
    {"9112, 6.1: both", 400, BYTES(POST CL "5\r\n" TE "identity" END)},
    {"9112, 6.1: both", 400, BYTES(POST CL "5\r\n" TE "gzip, chunked" END)},
    {"9112, 6.1: in 1.0", 400, BYTES("POST / HTTP/1.0\r\n" TE "chunked" END)},
    {"9112, 6.3: not last", 400, BYTES(POST TE "chunked, gzip" END)},
    {"9112, 6.3: not last", 400, BYTES(POST TE "chunked\r\n" TE "gzip" END)},
    {"9112, 6.3: not there", 400, BYTES(POST TE "gzip" END)},
    {"9112, 6.3: not there", 400, BYTES(POST TE "identity" END)},
    {"9112, 6.3: not there", 400, BYTES(POST TE END)},
    {"9112, 6.3: not there", 400, BYTES(POST TE "," END)},
    {"9112, 6.3: not quite", 400, BYTES(POST TE "xchunked" END)},
    {"9112, 6.3: not quite", 400, BYTES(POST TE "chunkedx" END)},
    {"9112, 6.3: not quite", 400, BYTES(POST TE "chunked;a=b" END)},
    {"9112, 6.3: not quite", 400, BYTES(POST TE "\"chunked\"" END)},
    {"9112, 6.3: not quite", 400, BYTES(POST TE "\vchunked" END)},
    {"9112, 6.1: twice", 400, BYTES(POST TE "chunked, chunked" END)},
    {"9112, 6.1: twice", 400, BYTES(POST TE "chunked\r\n" TE "chunked" END)},
    {"9112, 6.1: unknown before", 501, BYTES(POST TE "gzip, chunked" END)},
    {"9112, 6.1: unknown before", 501,
     BYTES(POST TE "gzip\r\n" TE "chunked" END)},
    {"9110, 10.1.1: expectation", 200, BYTES(POST "Expect: 100-Continue" END)},
    {"9110, 10.1.1: unknown", 417, BYTES(POST "Expect: 200-maybe" END)},
    {"9110, 10.1.1: unknown", 417, BYTES(POST "Expect: 100-continue2" END)},
    {"9110, 5.3: a list", 200,
     BYTES(POST "Expect: 100-continue\r\nExpect: 100-continue" END)},
    {"9110, 5.3: a list", 417,
     BYTES(POST "Expect: 100-continue\r\nExpect: x" END)},
    {"9110, 10.1.1: old client", 200, BYTES(GET10 "Expect: 200-maybe" END)},
};

Test(request, body)
{
    check_heads(bodies, COUNT(bodies));
}

static const struct {
    const char *head;
    bool has_body, chunked;
    uint64_t length;
} results[] = {
    {GET "Host: a" END, false, false, 0},
    {POST CL "0" END, false, false, 0},
    {POST CL "5" END, true, false, 5},
    {POST CL "0017" END, true, false, 17},
    {POST CL "18446744073709551615" END, true, false, UINT64_MAX},
    {POST TE "chunked" END, true, true, 0},
};

Test(request, where_the_body_ends)
{
    for (size_t i = 0; i < COUNT(results); i++) {
        struct request r;

        parse_good_head(results[i].head, &r);
        cr_expect(request_has_body(&r) == results[i].has_body, "%s",
                  results[i].head);
        cr_expect(r.chunked == results[i].chunked, "%s", results[i].head);
        cr_expect(r.content_length == results[i].length, "%s", results[i].head);
    }
}

static const struct {
    const char *head;
    bool keep_alive;
} connections[] = {
    /* RFC 9112, 9.3. */
    {GET "Host: a" END, true},
    {GET "Host: a\r\nConnection: keep-alive" END, true},
    {GET "Host: a\r\nConnection: close" END, false},
    {GET "Host: a\r\nConnection: CLOSE" END, false},
    {GET "Host: a\r\nConnection: x , close" END, false},
    {GET "Host: a\r\nConnection: close\r\nConnection: x" END, false},
    {GET "Host: a\r\nConnection: x\r\nConnection: close" END, false},
    {GET "Host: a\r\nConnection: keep-alive, close" END, false},
    {GET "Host: a\r\nConnection: closed" END, true},
    {GET "Host: a\r\nConnection:" END, true},
    {"GET / HTTP/1.9\r\nHost: a" END, true},
    {GET10 "\r\n", false},
    {GET10 "Connection: keep-alive" END, true},
    {GET10 "Connection: x, Keep-Alive" END, true},
    {GET10 "Connection: keep-alive, close" END, false},
    {GET10 "Keep-Alive: timeout=5" END, false},
};

Test(request, whether_another_request_follows)
{
    for (size_t i = 0; i < COUNT(connections); i++) {
        struct request r;

        parse_good_head(connections[i].head, &r);
        cr_expect(r.keep_alive == connections[i].keep_alive, "%s",
                  connections[i].head);
    }
}

Test(request, expectation)
{
    struct request r;

    parse_good_head(POST CL "5\r\nExpect: 100-continue" END, &r);
    cr_expect(r.expect_continue);
    parse_good_head(POST CL "5" END, &r);
    cr_expect(!r.expect_continue);
    parse_good_head(GET10 "Expect: 100-continue" END, &r);
    cr_expect(!r.expect_continue, "RFC 9110, 10.1.1: ignored in 1.0");
}

/* RFC 9112, 3.2.2: an absolute target's authority wins over Host. */
Test(request, authority_of_the_request)
{
    struct request r;

    parse_good_head(GET "Host: a:1" END, &r);
    expect_slice(r.authority, "a:1", "Host");
    parse_good_head("GET http://b:2/ HTTP/1.1\r\nHost: a:1" END, &r);
    expect_slice(r.authority, "b:2", "the target");
    parse_good_head(GET10 "\r\n", &r);
    expect_slice(r.authority, "", "neither");
}
