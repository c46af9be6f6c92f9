/* preconditions: conditional requests and ranges (RFC 9110, 13 and 14). */
#include "unit.h"

#include "http/preconditions.h"

/* Sun, 06 Nov 1994 08:49:37 GMT */
static const struct validators validators = {"\"v1\"", 784111777};

#define EARLIER "Sun, 06 Nov 1994 08:49:36 GMT"
#define SAME    "Sun, 06 Nov 1994 08:49:37 GMT"
#define LATER   "Sun, 06 Nov 1994 08:49:38 GMT"

/* A GET with these fields, "Name: value" each. */
static struct request make_request(const char *const *lines)
{
    struct request r = {.method = METHOD_GET};

    for (; *lines; lines++) {
        struct slice value = slice_of(*lines);
        struct slice name = slice_cut(&value, ':');

        r.fields[r.field_count++] = (struct field){name, slice_trim(value)};
    }
    return r;
}

static const struct {
    const char *rule;
    const char *fields[4];
    int status;
} conditions[] = {
    {"none", {NULL}, 200},
    {"13.1.1", {"If-Match: \"v1\""}, 200},
    {"13.1.1", {"If-Match: \"v0\", \"v1\""}, 200},
    {"13.1.1", {"If-Match: *"}, 200},
    {"13.1.1", {"If-Match: \"v0\""}, 412},
    {"13.1.1 strong", {"If-Match: W/\"v1\""}, 412},
    {"13.1.2", {"If-None-Match: \"v1\""}, 304},
    {"13.1.2 weak", {"If-None-Match: W/\"v1\""}, 304},
    {"13.1.2", {"If-None-Match: \"v0\" ,\"v1\""}, 304},
    {"13.1.2", {"If-None-Match: *"}, 304},
    {"13.1.2", {"If-None-Match: \"v0\""}, 200},
    {"13.1.2", {"If-None-Match: v1"}, 200},
    {"13.1.2", {"If-None-Match: \"v1"}, 200},
    {"13.1.2", {"If-None-Match: w/\"v1\""}, 200},
    {"13.1.2", {"If-None-Match: W/"}, 200},
    {"13.1.2", {"If-None-Match: \"v1\"\"v1\""}, 200},
    {"13.1.2 empty", {"If-None-Match:"}, 200},
    {"13.1.1 empty", {"If-Match:"}, 412},
    {"5.3 one list", {"If-None-Match: \"v0\"", "If-None-Match: \"v1\""}, 304},
    {"5.3 one list", {"If-None-Match: \"v0\"", "If-None-Match: \"v2\""}, 200},
    {"5.3 one list", {"If-Match: \"v0\"", "if-match: \"v1\""}, 200},
    {"5.3 one list", {"If-Match: \"v0\"", "If-Match: W/\"v1\""}, 412},
    {"13.1.3", {"If-Modified-Since: " SAME}, 304},
    {"13.1.3", {"If-Modified-Since: " LATER}, 304},
    {"13.1.3", {"If-Modified-Since: " EARLIER}, 200},
    {"13.1.3 no date", {"If-Modified-Since: yesterday"}, 200},
    {"13.1.3 two",
     {"If-Modified-Since: " LATER, "If-Modified-Since: " LATER},
     200},
    {"13.1.3 no such day",
     {"If-Modified-Since: Sun, 31 Feb 2026 08:49:37 GMT"},
     200},
    {"13.1.4 two",
     {"If-Unmodified-Since: " EARLIER, "If-Unmodified-Since: " EARLIER},
     200},
    {"13.1.4", {"If-Unmodified-Since: " SAME}, 200},
    {"13.1.4", {"If-Unmodified-Since: " LATER}, 200},
    {"13.1.4", {"If-Unmodified-Since: " EARLIER}, 412},
    {"13.1.4 no date", {"If-Unmodified-Since: yesterday"}, 200},
    {"13.2.2 tag above date",
     {"If-None-Match: \"v0\"", "If-Modified-Since: " LATER},
     200},
    {"13.2.2 tag above date",
     {"If-Match: \"v1\"", "If-Unmodified-Since: " EARLIER},
     200},
    {"13.2.2 both hold", {"If-Match: \"v1\"", "If-None-Match: \"v1\""}, 304},
    {"13.2.2 412 above 304",
     {"If-None-Match: \"v1\"", "If-Unmodified-Since: " EARLIER},
     412},
    {"13.2.2 412 above 304",
     {"If-None-Match: \"v1\"", "If-Match: \"v0\""},
     412},
};

Test(preconditions, are_judged_in_order)
{
    for (size_t i = 0; i < COUNT(conditions); i++) {
        struct request r = make_request(conditions[i].fields);

        cr_expect_eq(preconditions_judge(&r, &validators), conditions[i].status,
                     "%s: %s", conditions[i].rule, conditions[i].fields[0]);
    }
}

enum { SIZE = 1000 };

static const struct {
    const char *rule;
    const char *fields[4];
    int status;
    int64_t first, length;
} ranges[] = {
    {"none", {NULL}, 200, 0, SIZE},
    {"14.1.2", {"Range: bytes=0-0"}, 206, 0, 1},
    {"14.1.2", {"Range: bytes=10-19"}, 206, 10, 10},
    {"14.1.2 any case", {"Range: Bytes=10-19"}, 206, 10, 10},
    {"14.1.2 open", {"Range: bytes=990-"}, 206, 990, 10},
    {"14.1.2 beyond", {"Range: bytes=990-5000"}, 206, 990, 10},
    {"14.1.2 last", {"Range: bytes=999-999"}, 206, 999, 1},
    {"14.1.2 suffix", {"Range: bytes=-1"}, 206, 999, 1},
    {"14.1.2 suffix", {"Range: bytes=-5000"}, 206, 0, SIZE},
    {"overflow", {"Range: bytes=0-99999999999999999999999"}, 206, 0, SIZE},
    /* 2^64 and a little: what overflows must not look like something small. */
    {"overflow", {"Range: bytes=5-18446744073709551622"}, 206, 5, SIZE - 5},
    {"overflow", {"Range: bytes=-18446744073709551617"}, 206, 0, SIZE},
    {"overflow", {"Range: bytes=18446744073709551621-"}, 416, 0, SIZE},
    {"overflow", {"Range: bytes=9223372036854775808-"}, 416, 0, SIZE},
    {"15.5.17", {"Range: bytes=1000-"}, 416, 0, SIZE},
    {"15.5.17", {"Range: bytes=1000-1001"}, 416, 0, SIZE},
    {"15.5.17", {"Range: bytes=-0"}, 416, 0, SIZE},
    {"15.5.17 overflow",
     {"Range: bytes=99999999999999999999999-"},
     416,
     0,
     SIZE},
    {"14.2 invalid", {"Range: bytes=5-4"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes=-"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes=a-b"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes=1 - 2"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes=5"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes=1-2x"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes=--1"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes=1--2"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes=+1-2"}, 200, 0, SIZE},
    {"14.2 invalid", {"Range: bytes="}, 200, 0, SIZE},
    {"14.2 invalid", {"Range:"}, 200, 0, SIZE},
    {"14.2 other unit", {"Range: lines=1-2"}, 200, 0, SIZE},
    {"14.2 several", {"Range: bytes=0-1,5-6"}, 200, 0, SIZE},
    {"14.2 two fields", {"Range: bytes=0-1", "Range: bytes=5-6"}, 200, 0, SIZE},
    {"13.1.5 two",
     {"Range: bytes=1-2", "If-Range: \"v1\"", "If-Range: \"v1\""},
     200,
     0,
     SIZE},
    {"13.1.5", {"Range: bytes=1-2", "If-Range: \"v1\""}, 206, 1, 2},
    {"13.1.5", {"Range: bytes=1-2", "If-Range: \"v0\""}, 200, 0, SIZE},
    {"13.1.5", {"Range: bytes=1000-", "If-Range: \"v0\""}, 200, 0, SIZE},
    {"13.1.5 alone", {"If-Range: \"v0\""}, 200, 0, SIZE},
    {"13.1.5 strong", {"Range: bytes=1-2", "If-Range: W/\"v1\""}, 200, 0, SIZE},
    {"13.1.5 no date", {"Range: bytes=1-2", "If-Range: " SAME}, 200, 0, SIZE},
};

Test(preconditions, of_ranges)
{
    for (size_t i = 0; i < COUNT(ranges); i++) {
        struct request r = make_request(ranges[i].fields);
        struct range range;
        int status = preconditions_range(&r, &validators, SIZE, &range);

        cr_expect(status == ranges[i].status &&
                      range.first == ranges[i].first &&
                      range.length == ranges[i].length,
                  "%s: %s: %d %d+%d", ranges[i].rule, ranges[i].fields[0],
                  status, (int)range.first, (int)range.length);
    }
}

/* 14.2: Range is defined for GET alone. */
Test(preconditions, of_ranges_in_a_head)
{
    static const char *const lines[] = {"Range: bytes=1-2", NULL};
    struct request r = make_request(lines);
    struct range range;

    r.method = METHOD_HEAD;
    cr_expect_eq(preconditions_range(&r, &validators, SIZE, &range), 200);
}

/* 14.1.2: a suffix of some length is satisfiable, but there is no Content-Range
 * for it. */
Test(preconditions, of_ranges_in_an_empty_file)
{
    static const struct {
        const char *lines[2];
        int status;
    } empty[] = {
        {{"Range: bytes=0-"}, 416},   {{"Range: bytes=0-0"}, 416},
        {{"Range: bytes=-0"}, 416},   {{"Range: bytes=-1"}, 200},
        {{"Range: bytes=-500"}, 200},
    };

    for (size_t i = 0; i < COUNT(empty); i++) {
        struct request r = make_request(empty[i].lines);
        struct range range;

        cr_expect_eq(preconditions_range(&r, &validators, 0, &range),
                     empty[i].status, "%s", empty[i].lines[0]);
        cr_expect(range.first == 0 && range.length == 0);
    }
}
