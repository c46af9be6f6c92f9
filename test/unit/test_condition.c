/* condition: RFC 9110, 13 (conditional requests) and 14 (ranges). */
#include "unit.h"

#include "condition.h"

#include <stdio.h>

#define TAG    "\"1-2-3\""
#define OTHER  "\"9-9-9\""
#define BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define SAME   "Sun, 06 Nov 1994 08:49:37 GMT"
#define AFTER  "Sun, 06 Nov 1994 08:49:38 GMT"

static const struct validators validators = {TAG, 784111777};

/* The head of a GET with these fields. */
static void parse_get(const char *fields, struct request *r)
{
    static char head[512];

    snprintf(head, sizeof head, "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields);
    parse_good_head(head, r);
}

static const struct {
    const char *fields;
    int status;
} conditions[] = {
    {"", 200},
    /* 13.1.2, by weak comparison: 8.8.3.2. */
    {"If-None-Match: " TAG "\r\n", 304},
    {"If-None-Match: W/" TAG "\r\n", 304},
    {"If-None-Match: *\r\n", 304},
    {"If-None-Match: " OTHER ", " TAG "\r\n", 304},
    {"If-None-Match: " OTHER " ,W/" TAG ",\r\n", 304},
    {"If-None-Match: " OTHER "\r\n", 200},
    {"If-None-Match: 1-2-3\r\n", 200},
    {"If-None-Match: \"1-2-3\r\n", 200},
    {"If-None-Match: w/" TAG "\r\n", 200},
    {"If-None-Match: W/\r\n", 200},
    {"If-None-Match:\r\n", 200},
    {"If-None-Match: " TAG TAG "\r\n", 200},
    /* 13.1.3. */
    {"If-Modified-Since: " SAME "\r\n", 304},
    {"If-Modified-Since: " AFTER "\r\n", 304},
    {"If-Modified-Since: " BEFORE "\r\n", 200},
    {"If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n", 304},
    {"If-Modified-Since: yesterday\r\n", 200},
    {"If-Modified-Since:\r\n", 200},
    /* 13.1.1, by strong comparison. */
    {"If-Match: " TAG "\r\n", 200},
    {"If-Match: " OTHER ", " TAG "\r\n", 200},
    {"If-Match: *\r\n", 200},
    {"If-Match: W/" TAG "\r\n", 412},
    {"If-Match: " OTHER "\r\n", 412},
    {"If-Match:\r\n", 412},
    /* 13.1.4. */
    {"If-Unmodified-Since: " SAME "\r\n", 200},
    {"If-Unmodified-Since: " AFTER "\r\n", 200},
    {"If-Unmodified-Since: " BEFORE "\r\n", 412},
    {"If-Unmodified-Since: yesterday\r\n", 200},
    /* 13.2.2: which one counts, and in which order. */
    {"If-None-Match: " OTHER "\r\nIf-Modified-Since: " AFTER "\r\n", 200},
    {"If-None-Match: " TAG "\r\nIf-Modified-Since: " BEFORE "\r\n", 304},
    {"If-Match: " TAG "\r\nIf-Unmodified-Since: " BEFORE "\r\n", 200},
    {"If-Match: " OTHER "\r\nIf-Unmodified-Since: " AFTER "\r\n", 412},
    {"If-Match: " OTHER "\r\nIf-None-Match: " TAG "\r\n", 412},
    {"If-Match: " TAG "\r\nIf-None-Match: " TAG "\r\n", 304},
    {"If-Unmodified-Since: " BEFORE "\r\nIf-None-Match: " TAG "\r\n", 412},
};

Test(condition, judge)
{
    for (size_t i = 0; i < COUNT(conditions); i++) {
        struct request r;
        int got;

        parse_get(conditions[i].fields, &r);
        got = condition_judge(&r, &validators);
        cr_expect(got == conditions[i].status, "%d for %s", got,
                  conditions[i].fields);
    }
}

static const struct {
    const char *fields;
    int64_t size;
    int status;
    int64_t first, length;
} ranges[] = {
    {"", 10, 200, 0, 10},
    {"Range: bytes=0-4\r\n", 10, 206, 0, 5},
    {"Range: bytes=9-9\r\n", 10, 206, 9, 1},
    {"Range: bytes=0-0\r\n", 10, 206, 0, 1},
    {"Range: Bytes= 2-3\r\n", 10, 206, 2, 2},
    {"Range: bytes=5-\r\n", 10, 206, 5, 5},
    {"Range: bytes=0-\r\n", 10, 206, 0, 10},
    {"Range: bytes=-3\r\n", 10, 206, 7, 3},
    {"Range: bytes=-10\r\n", 10, 206, 0, 10},
    /* 14.1.2: cut at the end. */
    {"Range: bytes=-11\r\n", 10, 206, 0, 10},
    {"Range: bytes=5-10\r\n", 10, 206, 5, 5},
    {"Range: bytes=5-99999999999999999999\r\n", 10, 206, 5, 5},
    {"Range: bytes=-99999999999999999999\r\n", 10, 206, 0, 10},
    /* 15.5.17: none of the bytes. */
    {"Range: bytes=10-\r\n", 10, 416, 0, 10},
    {"Range: bytes=10-10\r\n", 10, 416, 0, 10},
    {"Range: bytes=11-20\r\n", 10, 416, 0, 10},
    {"Range: bytes=99999999999999999999-\r\n", 10, 416, 0, 10},
    {"Range: bytes=-0\r\n", 10, 416, 0, 10},
    {"Range: bytes=0-\r\n", 0, 416, 0, 0},
    {"Range: bytes=0-0\r\n", 0, 416, 0, 0},
    {"Range: bytes=-1\r\n", 0, 416, 0, 0},
    /* 14.2: what is no range, or not one, is as if it were not there. */
    {"Range: bytes=5-4\r\n", 10, 200, 0, 10},
    {"Range: bytes=0-1,3-4\r\n", 10, 200, 0, 10},
    {"Range: bytes=-\r\n", 10, 200, 0, 10},
    {"Range: bytes=5\r\n", 10, 200, 0, 10},
    {"Range: bytes=\r\n", 10, 200, 0, 10},
    {"Range: bytes\r\n", 10, 200, 0, 10},
    {"Range: bytes=a-b\r\n", 10, 200, 0, 10},
    {"Range: bytes=1-2x\r\n", 10, 200, 0, 10},
    {"Range: bytes=x1-2\r\n", 10, 200, 0, 10},
    {"Range: bytes=--1\r\n", 10, 200, 0, 10},
    {"Range: bytes=1--2\r\n", 10, 200, 0, 10},
    {"Range: bytes=+1-2\r\n", 10, 200, 0, 10},
    {"Range: lines=0-4\r\n", 10, 200, 0, 10},
    {"Range: 0-4\r\n", 10, 200, 0, 10},
    {"Range:\r\n", 10, 200, 0, 10},
    /* 13.1.5: only of the version that the client has a part of. */
    {"Range: bytes=0-4\r\nIf-Range: " TAG "\r\n", 10, 206, 0, 5},
    {"Range: bytes=0-4\r\nIf-Range: " OTHER "\r\n", 10, 200, 0, 10},
    {"Range: bytes=0-4\r\nIf-Range: W/" TAG "\r\n", 10, 200, 0, 10},
    {"Range: bytes=0-4\r\nIf-Range: " BEFORE "\r\n", 10, 200, 0, 10},
    {"Range: bytes=10-\r\nIf-Range: " OTHER "\r\n", 10, 200, 0, 10},
    {"If-Range: " OTHER "\r\n", 10, 200, 0, 10},
};

Test(condition, range)
{
    for (size_t i = 0; i < COUNT(ranges); i++) {
        struct request r;
        struct range range;
        int got;

        parse_get(ranges[i].fields, &r);
        got = condition_range(&r, &validators, ranges[i].size, &range);
        cr_expect(got == ranges[i].status, "%d for %s", got, ranges[i].fields);
        if (got == ranges[i].status && got != 416)
            cr_expect(range.first == ranges[i].first &&
                          range.length == ranges[i].length,
                      "%d bytes from %d for %s", (int)range.length,
                      (int)range.first, ranges[i].fields);
    }
}

/* 14.2: for GET alone. */
Test(condition, range_of_a_head_request)
{
    struct request r;
    struct range range;

    parse_good_head("HEAD / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-4\r\n\r\n",
                    &r);
    cr_expect_eq(condition_range(&r, &validators, 10, &range), 200);
    cr_expect(range.first == 0 && range.length == 10);
}
