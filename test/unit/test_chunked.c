/*
 * chunked: each body is fed whole, byte by byte, and cut in two at every
 * point; what comes out must not depend on it (RFC 9112, 7.1).
 */
#include "unit.h"

#include "http/chunked.h"

#include <stdlib.h>
#include <string.h>

struct outcome {
    enum chunked_result result;
    size_t used; /* of all the bytes */
    size_t len;
    char data[256];
};

/* Feeds one piece, in memory that ends with it; false at the end of it all. */
static bool feed(struct chunked *c, struct outcome *o, const char *bytes,
                 size_t len)
{
    char *copy = copy_exactly(bytes, len);
    struct slice rest = {copy, len};

    do {
        struct slice data = {NULL, 0};
        size_t used = 0;

        o->result = chunked_decode(c, rest, &used, &data);
        cr_assert(used <= rest.len);
        o->used += used;
        rest.at += used;
        rest.len -= used;
        if (o->result == CHUNKED_DATA) {
            cr_assert(data.len > 0 && data.at + data.len == rest.at);
            cr_assert(o->len + data.len <= sizeof o->data);
            memcpy(o->data + o->len, data.at, data.len);
            o->len += data.len;
        }
    } while (o->result == CHUNKED_DATA);
    free(copy);
    if (o->result == CHUNKED_MORE)
        cr_assert(rest.len == 0, "%zu bytes are left", rest.len);
    return o->result == CHUNKED_MORE;
}

/* Feeds `first` bytes, and then pieces of `step`. */
static void decode(struct slice body, size_t first, size_t step,
                   struct outcome *o)
{
    struct chunked c = {0};
    size_t at = first;

    memset(o, 0, sizeof *o);
    if (!feed(&c, o, body.at, first))
        return;
    while (at < body.len) {
        size_t len = body.len - at < step ? body.len - at : step;

        if (!feed(&c, o, body.at + at, len))
            return;
        at += len;
    }
}

static const struct body_case {
    const char *rule;
    const char *bytes;
    size_t len;
    enum chunked_result result;
    const char *data;
    const char *rest; /* after a body that is done */
} cases[] = {
    {"one chunk", BYTES("5\r\nhello\r\n0\r\n\r\n"), CHUNKED_DONE, "hello", ""},
    {"empty body", BYTES("0\r\n\r\n"), CHUNKED_DONE, "", ""},
    {"three chunks", BYTES("1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n"),
     CHUNKED_DONE, "abcdef", ""},
    {"the next request follows", BYTES("1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n"),
     CHUNKED_DONE, "a", "GET / HTTP/1.1\r\n"},
    {"an empty line follows", BYTES("0\r\n\r\n\r\n"), CHUNKED_DONE, "", "\r\n"},
    {"hexadecimal", BYTES("b\r\nhello world\r\nA\r\n0123456789\r\n0\r\n\r\n"),
     CHUNKED_DONE, "hello world0123456789", ""},
    {"two digits", BYTES("1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n"),
     CHUNKED_DONE, "abcdefghijklmnopqrstuvwxyz", ""},
    {"leading zeros", BYTES("005\r\nhello\r\n000\r\n\r\n"), CHUNKED_DONE,
     "hello", ""},
    {"data like chunks", BYTES("7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n"), CHUNKED_DONE,
     "0\r\n\r\n\r\n", ""},
    {"7.1.1: extensions",
     BYTES("1;a\r\nx\r\n1;a=b;c=\"d e\"\r\ny\r\n0;z\r\n\r\n"), CHUNKED_DONE,
     "xy", ""},
    {"7.1.1: quoted size", BYTES("1;\"9\"\r\nx\r\n0\r\n\r\n"), CHUNKED_DONE,
     "x", ""},
    {"7.1.1: BWS before ;", BYTES("1 ;a\r\nx\r\n0\t ;z\r\n\r\n"), CHUNKED_DONE,
     "x", ""},
    {"7.1.1: BWS everywhere",
     BYTES("1 ; a = b\t;\tc\t=\t\"d\"\r\nx\r\n0 ; z\r\n\r\n"), CHUNKED_DONE,
     "x", ""},
    {"7.1.2: trailers",
     BYTES("1\r\nx\r\n0\r\nA: b\r\nC:\td: \xff\r\nE:\r\n\r\nrest"),
     CHUNKED_DONE, "x", "rest"},

    {"nothing yet", BYTES(""), CHUNKED_MORE, "", ""},
    {"a size only", BYTES("5"), CHUNKED_MORE, "", ""},
    {"half of a chunk", BYTES("5\r\nhel"), CHUNKED_MORE, "hel", ""},
    {"no last chunk", BYTES("5\r\nhello\r\n"), CHUNKED_MORE, "hello", ""},
    {"no last CRLF", BYTES("5\r\nhello\r\n0\r\n"), CHUNKED_MORE, "hello", ""},
    {"no last LF", BYTES("5\r\nhello\r\n0\r\n\r"), CHUNKED_MORE, "hello", ""},
    {"unfinished trailer", BYTES("0\r\nA: b\r\n"), CHUNKED_MORE, "", ""},

    {"no size", BYTES("\r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"no size", BYTES(";a\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"not hexadecimal", BYTES("g\r\n"), CHUNKED_BAD, "", ""},
    {"not hexadecimal", BYTES("5x\r\n"), CHUNKED_BAD, "", ""},
    {"not hexadecimal", BYTES("0x5\r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "",
     ""},
    {"sign", BYTES("-1\r\n"), CHUNKED_BAD, "", ""},
    {"sign", BYTES("+5\r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"space before", BYTES(" 5\r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"space behind", BYTES("5 \r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"tab behind", BYTES("5\t\r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"space behind the last", BYTES("0 \r\n\r\n"), CHUNKED_BAD, "", ""},
    {"a size after a space", BYTES("5 5\r\nhello\r\n"), CHUNKED_BAD, "", ""},
    {"a name after a space", BYTES("5 a\r\nhello\r\n"), CHUNKED_BAD, "", ""},
    {"LF after a space", BYTES("5 \nhello\r\n"), CHUNKED_BAD, "", ""},
    {"NUL in size", BYTES("5\0\r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"2.2: bare LF after size", BYTES("5\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "",
     ""},
    {"2.2: bare CR after size", BYTES("5\rhello\r\n0\r\n\r\n"), CHUNKED_BAD, "",
     ""},
    {"2.2: bare LF in extension", BYTES("5;a\nhello\r\n0\r\n\r\n"), CHUNKED_BAD,
     "", ""},
    {"2.2: bare CR in extension", BYTES("5;a\rb\r\nhello\r\n0\r\n\r\n"),
     CHUNKED_BAD, "", ""},
    {"NUL in extension", BYTES("5;\0\r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD, "",
     ""},
    {"chunk is too long", BYTES("5\r\nhello!\r\n0\r\n\r\n"), CHUNKED_BAD,
     "hello", ""},
    {"chunk is too short", BYTES("5\r\nhell\r\n0\r\n\r\n"), CHUNKED_BAD,
     "hell\r", ""},
    {"2.2: bare LF after data", BYTES("5\r\nhello\n0\r\n\r\n"), CHUNKED_BAD,
     "hello", ""},
    {"2.2: bare CR after data", BYTES("5\r\nhello\r0\r\n\r\n"), CHUNKED_BAD,
     "hello", ""},
    {"LF alone after data", BYTES("5\r\nhello!\n0\r\n\r\n"), CHUNKED_BAD,
     "hello", ""},
    {"CR alone after data", BYTES("5\r\nhello\r!0\r\n\r\n"), CHUNKED_BAD,
     "hello", ""},
    {"CR alone after size", BYTES("5\r!hello\r\n0\r\n\r\n"), CHUNKED_BAD, "",
     ""},
    {"no CRLF after data", BYTES("5\r\nhello0\r\n\r\n"), CHUNKED_BAD, "hello",
     ""},
    {"2.2: bare LF ends it", BYTES("0\r\n\n"), CHUNKED_BAD, "", ""},
    {"2.2: bare CR ends it", BYTES("0\r\n\rx"), CHUNKED_BAD, "", ""},
    {"2.2: bare LF after trailer", BYTES("0\r\nA: b\n\r\n"), CHUNKED_BAD, "",
     ""},
    {"2.2: bare CR in trailer", BYTES("0\r\nA: b\rc\r\n\r\n"), CHUNKED_BAD, "",
     ""},
    {"NUL in trailer", BYTES("0\r\nA: \0\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"7.1.2: no colon", BYTES("0\r\nA\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"7.1.2: no name", BYTES("0\r\n: b\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"5.1: space before colon", BYTES("0\r\nA : b\r\n\r\n"), CHUNKED_BAD, "",
     ""},
    {"5.2: obs-fold", BYTES("0\r\nA: b\r\n c\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"5.2: obs-fold", BYTES("0\r\n b: c\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"DEL in trailer", BYTES("0\r\nA: \x7f\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"DEL in extension", BYTES("0;\x7f\r\n\r\n"), CHUNKED_BAD, "", ""},
    {"NUL starts trailer", BYTES("0\r\n\0\r\n\r\n"), CHUNKED_BAD, "", ""},
    /* 2^64 + 5 and 2^63: what overflows must not look like something small. */
    {"overflow", BYTES("10000000000000005\r\nhello\r\n0\r\n\r\n"), CHUNKED_BAD,
     "", ""},
    {"overflow", BYTES("8000000000000000\r\n"), CHUNKED_BAD, "", ""},
    {"overflow", BYTES("ffffffffffffffffffffff\r\n"), CHUNKED_BAD, "", ""},
};

static void check(const struct body_case *b, const char *how, size_t at,
                  const struct outcome *o)
{
    size_t len = strlen(b->data);

    cr_expect(o->result == b->result, "%s, %s %zu: result %d, not %d", b->rule,
              how, at, o->result, b->result);
    cr_expect(o->len == len && memcmp(o->data, b->data, len) == 0,
              "%s, %s %zu: '%.*s', not '%s'", b->rule, how, at, (int)o->len,
              o->data, b->data);
    if (o->result == CHUNKED_DONE)
        cr_expect(b->len - o->used == strlen(b->rest), "%s, %s %zu: %zu left",
                  b->rule, how, at, b->len - o->used);
}

Test(chunked, in_any_pieces)
{
    for (const struct body_case *b = cases; b < cases + COUNT(cases); b++) {
        struct slice body = {b->bytes, b->len};
        struct outcome o;

        decode(body, b->len, 1, &o);
        check(b, "whole", 0, &o);
        decode(body, 0, 1, &o);
        check(b, "byte by byte", 0, &o);
        for (size_t at = 1; at < b->len; at++) {
            decode(body, at, b->len, &o);
            check(b, "cut at", at, &o);
        }
    }
}

/* Where it has gone wrong, nothing more is decoded. */
Test(chunked, bad_stays_bad)
{
    struct chunked c = {0};
    struct slice data;
    size_t used;

    cr_expect_eq(chunked_decode(&c, slice_of("x"), &used, &data), CHUNKED_BAD);
    cr_expect_eq(chunked_decode(&c, slice_of("0\r\n\r\n"), &used, &data),
                 CHUNKED_BAD);
}

/* The caller refuses a huge chunk by it, before its data comes. */
Test(chunked, tells_what_is_left)
{
    struct chunked c = {0};
    struct slice data;
    size_t used;

    cr_expect_eq(chunked_decode(&c, slice_of("7fffffffffffffff"), &used, &data),
                 CHUNKED_MORE);
    cr_expect_eq(c.left, (uint64_t)INT64_MAX);
    cr_expect_eq(chunked_decode(&c, slice_of("\r\nabc"), &used, &data),
                 CHUNKED_DATA);
    cr_expect_eq(data.len, 3);
    cr_expect_eq(c.left, (uint64_t)INT64_MAX - 3);
}

/* Decodes `before`, len letters `fill`, and `behind`. */
static enum chunked_result decode_long(const char *before, char fill,
                                       size_t len, const char *behind)
{
    char *bytes = malloc(strlen(before) + len + strlen(behind) + 1);
    char *at = stpcpy(bytes, before);
    struct chunked c = {0};
    struct slice data;
    enum chunked_result result;
    size_t used;

    memset(at, fill, len);
    at = stpcpy(at + len, behind);
    result = chunked_decode(&c, (struct slice){bytes, (size_t)(at - bytes)},
                            &used, &data);
    free(bytes);
    return result;
}

/* Without limits, a body of nothing but extensions would go on for ever. The
 * CR at a line's end counts. */
Test(chunked, limits)
{
    const size_t line = LIMIT_CHUNK_LINE - 1, all = LIMIT_TRAILERS - 1;

    cr_expect_eq(decode_long("0;", 'x', line - 2, "\r\n\r\n"), CHUNKED_DONE);
    cr_expect_eq(decode_long("0;", 'x', line - 1, "\r\n\r\n"), CHUNKED_BAD);
    cr_expect_eq(decode_long("0", ' ', line - 2, ";\r\n\r\n"), CHUNKED_DONE);
    cr_expect_eq(decode_long("0", ' ', line - 1, ";\r\n\r\n"), CHUNKED_BAD);
    cr_expect_eq(decode_long("0", ' ', LIMIT_CHUNK_LINE, ""), CHUNKED_BAD);
    cr_expect_eq(decode_long("", '0', line, "\r\n\r\n"), CHUNKED_DONE);
    cr_expect_eq(decode_long("", '0', line + 1, "\r\n\r\n"), CHUNKED_BAD);
    cr_expect_eq(decode_long("0\r\n", 'x', all - 1, ":\r\n\r\n"), CHUNKED_DONE);
    cr_expect_eq(decode_long("0\r\n", 'x', all, ":\r\n\r\n"), CHUNKED_BAD);
    cr_expect_eq(decode_long("0\r\nx:", 'x', all, "\r\n\r\n"), CHUNKED_BAD);
}

Test(chunked, limit_is_for_each_line_but_for_all_trailers)
{
    struct chunked c = {0};
    struct slice data;
    size_t used;

    for (size_t i = 0; i < LIMIT_CHUNK_LINE; i++) {
        struct slice chunk = slice_of("1;ab\r\nx\r\n");

        cr_assert_eq(chunked_decode(&c, chunk, &used, &data), CHUNKED_DATA);
        chunk.at += used;
        chunk.len -= used;
        cr_assert_eq(chunked_decode(&c, chunk, &used, &data), CHUNKED_MORE);
    }
    cr_assert_eq(chunked_decode(&c, slice_of("0\r\n"), &used, &data),
                 CHUNKED_MORE);
    for (size_t i = 0; i < LIMIT_TRAILERS; i++)
        if (chunked_decode(&c, slice_of("a:\r\n"), &used, &data) == CHUNKED_BAD)
            return;
    cr_assert_fail("trailers without end");
}
