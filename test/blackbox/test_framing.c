/*
 * What could be read in two ways is answered with 400 and a closed
 * connection, and nothing that follows is read as a request.
 */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

TestSuite(framing, .timeout = TEST_SECONDS);

#define GET       "GET /healthz HTTP/1.1\r\n"
#define POST      "POST /update HTTP/1.1\r\n" HOST
#define BODY      "\r\n\r\n{\"text\":\"hi\"}" /* of 13 bytes */
#define IN_CHUNKS "\r\n\r\nd\r\n{\"text\":\"hi\"}\r\n0\r\n\r\n"
#define CHUNKED   POST "Transfer-Encoding: chunked\r\n\r\n"

/* name, request */
static const char *const heads[][2] = {
    {"no Host", GET "\r\n"},
    {"two Hosts", GET HOST HOST "\r\n"},
    {"two other Hosts", GET HOST "Host: other\r\n\r\n"},
    {"blank in Host", GET "Host: a b\r\n\r\n"},
    {"two Hosts in 1.0", "GET / HTTP/1.0\r\n" HOST HOST "\r\n"},
    {"userinfo in Host", GET "Host: a@b\r\n\r\n"},
    {"path in Host", GET "Host: a/b\r\n\r\n"},
    {"obs-fold", GET HOST "X: a\r\n b\r\n\r\n"},
    {"obs-fold with a tab", GET HOST "X: a\r\n\tb\r\n\r\n"},
    {"blank before the first field", GET " X: a\r\n" HOST "\r\n"},
    {"blank before the colon", GET HOST "X : a\r\n\r\n"},
    {"tab before the colon", GET "Host\t: a\r\n\r\n"},
    {"no colon", GET HOST "X\r\n\r\n"},
    {"no name", GET HOST ": a\r\n\r\n"},
    {"blank in a name", GET HOST "X Y: a\r\n\r\n"},
    {"bracket in a name", GET HOST "X(: a\r\n\r\n"},
    {"high byte in a name", GET HOST "X\xe9: a\r\n\r\n"},
    {"bell in a value", GET HOST "X: a\a\r\n\r\n"},
    {"escape in a value", GET HOST "X: \x1b[31m\r\n\r\n"},
    {"DEL in a value", GET HOST "X: \x7f\r\n\r\n"},
    {"bare CR in a value", GET HOST "X: a\rb\r\n\r\n"},
    {"bare CR before the end", GET HOST "X: a\r\r\n\r\n"},
    {"bare LF", "GET /healthz HTTP/1.1\n" HOST "\r\n"},
    {"bare LF after a field", GET "Host: localhost\n\r\n"},
    {"bare LFs at the end", GET "Host: localhost\n\n"},
    {"bare LF as empty line", GET HOST "\n"},
    {"bare LF in a value", GET HOST "X: a\nY: b\r\n\r\n"},
    {"bare CRs", "GET /healthz HTTP/1.1\rHost: localhost\r\r\n\r\n"},
    {"two blanks", "GET  /healthz HTTP/1.1\r\n" HOST "\r\n"},
    {"two blanks after", "GET /healthz  HTTP/1.1\r\n" HOST "\r\n"},
    {"blank in the target", "GET /heal thz HTTP/1.1\r\n" HOST "\r\n"},
    {"tab for blank", "GET\t/healthz HTTP/1.1\r\n" HOST "\r\n"},
    {"blank at the end", "GET /healthz HTTP/1.1 \r\n" HOST "\r\n"},
    {"blank at the start", " GET /healthz HTTP/1.1\r\n" HOST "\r\n"},
    {"HTTP/0.9", "GET /healthz\r\n\r\n"},
    {"no target", "GET HTTP/1.1\r\n" HOST "\r\n"},
    {"no method", "/healthz HTTP/1.1\r\n" HOST "\r\n"},
    {"small http", "GET /healthz http/1.1\r\n" HOST "\r\n"},
    {"version of two digits", "GET /healthz HTTP/1.10\r\n" HOST "\r\n"},
    {"version with 0", "GET /healthz HTTP/01.1\r\n" HOST "\r\n"},
    {"version without dot", "GET /healthz HTTP/11\r\n" HOST "\r\n"},
    {"version HTTP/", "GET /healthz HTTP/\r\n" HOST "\r\n"},
    {"relative target", "GET healthz HTTP/1.1\r\n" HOST "\r\n"},
    {"GET *", "GET * HTTP/1.1\r\n" HOST "\r\n"},
    {"fragment", "GET /healthz#a HTTP/1.1\r\n" HOST "\r\n"},
    {"control byte in the target", "GET /\x01 HTTP/1.1\r\n" HOST "\r\n"},
    {"escape in the target", "GET /\x1b[31m HTTP/1.1\r\n" HOST "\r\n"},
    {"DEL in the target", "GET /\x7f HTTP/1.1\r\n" HOST "\r\n"},
    {"high byte in the target", "GET /\xe9 HTTP/1.1\r\n" HOST "\r\n"},
    {"control byte in the method", "G\x01T / HTTP/1.1\r\n" HOST "\r\n"},
    {"bracket in the method", "G(T / HTTP/1.1\r\n" HOST "\r\n"},
};

/* Whoever is lax finds a message in these, or at least {}: then it is not the
 * framing that is refused, and the connection goes on. */
static const char *const bodies[][2] = {
    {"other lengths", POST "Content-Length: 13\r\nContent-Length: 5" BODY},
    {"other lengths in a list", POST "Content-Length: 13, 5" BODY},
    {"plus", POST "Content-Length: +13" BODY},
    {"minus", POST "Content-Length: -13" BODY},
    {"hex", POST "Content-Length: 0xd" BODY},
    {"blank within", POST "Content-Length: 1 3" BODY},
    {"letters", POST "Content-Length: 13a" BODY},
    {"fraction", POST "Content-Length: 13.0" BODY},
    {"none", POST "Content-Length:" BODY},
    {"overflow of 64 bits", POST "Content-Length: 18446744073709551629" BODY},
    {"overflow, very long",
     POST "Content-Length: 999999999999999999999999999999999999999" BODY},
    {"length and coding",
     POST "Content-Length: 13\r\nTransfer-Encoding: chunked" IN_CHUNKS},
    {"coding and length",
     POST "Transfer-Encoding: chunked\r\nContent-Length: 0" IN_CHUNKS},
    {"chunked twice", POST "Transfer-Encoding: chunked, chunked" IN_CHUNKS},
    {"chunked in two fields", POST "Transfer-Encoding: chunked\r\n"
                                   "Transfer-Encoding: chunked" IN_CHUNKS},
    {"not chunked", POST "Transfer-Encoding: gzip" IN_CHUNKS},
    {"identity", POST "Transfer-Encoding: identity" IN_CHUNKS},
    {"xchunked", POST "Transfer-Encoding: xchunked" IN_CHUNKS},
    {"quoted", POST "Transfer-Encoding: \"chunked\"" IN_CHUNKS},
    {"with a parameter", POST "Transfer-Encoding: chunked;a=b" IN_CHUNKS},
    {"chunked not last", POST "Transfer-Encoding: chunked, gzip" IN_CHUNKS},
    {"empty coding", POST "Transfer-Encoding:" IN_CHUNKS},
    {"chunked in 1.0",
     "POST /update HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked" IN_CHUNKS},
    {"no digits", CHUNKED "\r\n{}\r\n0\r\n\r\n"},
    {"no digits at the end", CHUNKED "2\r\n{}\r\n\r\n\r\n"},
    {"an extension alone", CHUNKED "2\r\n{}\r\n;a\r\n\r\n"},
    {"not hex", CHUNKED "g\r\n{}\r\n0\r\n\r\n"},
    {"minus in a size", CHUNKED "-2\r\n{}\r\n0\r\n\r\n"},
    {"plus in a size", CHUNKED "+2\r\n{}\r\n0\r\n\r\n"},
    {"0x in a size", CHUNKED "0x2\r\n{}\r\n0\r\n\r\n"},
    {"blank before a size", CHUNKED " 2\r\n{}\r\n0\r\n\r\n"},
    {"size overflow", CHUNKED "10000000000000002\r\n{}\r\n0\r\n\r\n"},
    {"size ends in LF", CHUNKED "2\n{}\r\n0\r\n\r\n"},
    {"data ends in LF", CHUNKED "2\r\n{}\n0\r\n\r\n"},
    {"data ends in CR", CHUNKED "2\r\n{}\r0\r\n\r\n"},
    {"no LF after a size", CHUNKED "2\rX{}\r\n0\r\n\r\n"},
    {"no LF after data", CHUNKED "2\r\n{}\rX0\r\n\r\n"},
    {"no LF after a trailer", CHUNKED "2\r\n{}\r\n0\r\nX: a\rX\r\n"},
    {"no LF at the end", CHUNKED "2\r\n{}\r\n0\r\n\rX"},
    {"data too long", CHUNKED "2\r\n{}}\r\n0\r\n\r\n"},
    {"data too short", CHUNKED "3\r\n{}\r\n0\r\n\r\n"},
    {"bare LF in an extension", CHUNKED "2;a\nb\r\n{}\r\n0\r\n\r\n"},
    {"bare CR in an extension", CHUNKED "2;a\rb\r\n{}\r\n0\r\n\r\n"},
    {"trailer without a colon", CHUNKED "2\r\n{}\r\n0\r\nX\r\n\r\n"},
    {"trailer with a blank", CHUNKED "2\r\n{}\r\n0\r\nX : a\r\n\r\n"},
    {"trailer folded", CHUNKED "2\r\n{}\r\n0\r\nX: a\r\n b\r\n\r\n"},
    {"trailers end in LF", CHUNKED "2\r\n{}\r\n0\r\nX: a\n\r\n"},
    {"no trailers but LF", CHUNKED "2\r\n{}\r\n0\r\n\n"},
};

static void check_refused(const char *const (*cases)[2], size_t count)
{
    struct server server = server_start("");
    for (size_t i = 0; i < count; i++) {
        const struct exchange exchange = {cases[i][0], 400, cases[i][1], CLOSES,
                                          NULL};
        check_exchanges(&server, &exchange, 1);
    }
    cr_expect_eq(healthz(&server, "messages"), 0);
    server_stop(&server);
}

Test(framing, ambiguous_heads_get_400_and_the_connection_closes)
{
    check_refused(heads, COUNT(heads));
}

Test(framing, ambiguous_bodies_get_400_and_the_connection_closes)
{
    check_refused(bodies, COUNT(bodies));
}

#define NUL_IN(where) where, sizeof(where) - 1

Test(framing, nul_gets_400_wherever_it_stands)
{
    static const struct {
        const char *request;
        size_t size;
    } cases[] = {
        {NUL_IN("GET /heal\0thz HTTP/1.1\r\n" HOST "\r\n")},
        {NUL_IN("G\0T /healthz HTTP/1.1\r\n" HOST "\r\n")},
        {NUL_IN("GET /healthz HTTP/1.1\0\r\n" HOST "\r\n")},
        {NUL_IN("GET /healthz HTTP/1.1\r\nHost: local\0host\r\n\r\n")},
        {NUL_IN("GET /healthz HTTP/1.1\r\n" HOST "X\0: a\r\n\r\n")},
        {NUL_IN("GET /healthz HTTP/1.1\r\n" HOST "\0\r\n")},
        {NUL_IN("\0GET /healthz HTTP/1.1\r\n" HOST "\r\n")},
        {NUL_IN(POST "Transfer-Encoding: chunked\r\n\r\n2\0\r\n{}\r\n")},
        {NUL_IN(POST "Content-Length: 2\0\r\n\r\n{}")},
    };
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct exchange exchange = {"NUL", 400, cases[i].request, CLOSES,
                                          NULL};
        check_exchange(&server, &exchange, cases[i].size);
    }
    server_stop(&server);
}

Test(framing, unknown_versions_get_505_and_codings_501)
{
    static const struct exchange table[] = {
        {"HTTP/2.0", 505, "GET / HTTP/2.0\r\n" HOST "\r\n", CLOSES, NULL},
        {"gzip, chunked", 501, POST "Transfer-Encoding: gzip, chunked" BODY,
         CLOSES, NULL},
    };
    struct server server = server_start("");
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
}

/* For whoever types a request by hand, or opens an https URL. */
Test(framing, refusals_say_what_people_do_wrong)
{
    static const struct {
        const char *request, *body;
    } cases[] = {
        {"GET / HTTP/1.1\nHost: localhost\n\n", "lines must end with CR LF\n"},
        {"GET /\n", "lines must end with CR LF\n"},
        {GET HOST "\n", "lines must end with CR LF\n"},
        {"\x16\x03\x01\x02", "this looks like https: use http://\n"},
    };
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct client *client = client_connect(&server);
        client_send(client, cases[i].request);
        struct response response = client_read(client);
        cr_expect_eq(response.status, 400);
        cr_expect_str_eq(response.body, cases[i].body, "'%s'", response.body);
        client_close(client);
    }
    server_stop(&server);
}
