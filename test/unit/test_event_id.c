/* event_id: reading back what was printed, order, and the next one. */
#include "unit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    struct event_id id;
    const char *text;
} ids[] = {
    /* In order. */
    {{0, 0}, "0"},
    {{0, 1}, "0-1"},
    {{0, UINT64_MAX}, "0-18446744073709551615"},
    {{1, 0}, "1"},
    {{9, 0}, "9"},
    {{10, 0}, "10"},
    {{1744353420000, 0}, "1744353420000"},
    {{1744353420000, 1}, "1744353420000-1"},
    {{1744353420000, 9}, "1744353420000-9"},
    {{1744353420000, 10}, "1744353420000-10"},
    {{1744353420001, 0}, "1744353420001"},
    {{INT64_MAX, 0}, "9223372036854775807"},
    {{INT64_MAX, UINT64_MAX}, "9223372036854775807-18446744073709551615"},
};

static bool parse(const char *text, size_t len, struct event_id *id)
{
    char *copy = copy_exactly(text, len);
    bool valid = event_id_parse(copy, len, id);

    free(copy);
    return valid;
}

static void expect_same(struct event_id a, struct event_id b)
{
    cr_expect(a.ms == b.ms && a.nth == b.nth,
              "%" PRId64 "-%" PRIu64 ", not %" PRId64 "-%" PRIu64, a.ms, a.nth,
              b.ms, b.nth);
}

Test(event_id, prints_and_reads_back)
{
    for (size_t i = 0; i < COUNT(ids); i++) {
        char out[EVENT_ID_SIZE];
        struct event_id back;

        cr_expect_eq(event_id_print(ids[i].id, out), strlen(ids[i].text));
        cr_expect_str_eq(out, ids[i].text);
        cr_assert(parse(out, strlen(out), &back), "%s", out);
        expect_same(back, ids[i].id);
    }
}

Test(event_id, reads_back_many)
{
    uint64_t random = 1;

    for (int i = 0; i < 100000; i++) {
        struct event_id id, back;
        char out[EVENT_ID_SIZE];

        /* Of all magnitudes: shifted by each number of bits. */
        random = random * 6364136223846793005 + 1442695040888963407;
        id.ms = (int64_t)(random >> (1 + i % 63));
        id.nth = (random * 31) >> (i % 64);
        cr_assert(parse(out, event_id_print(id, out), &back), "%s", out);
        expect_same(back, id);
    }
}

Test(event_id, order_is_total)
{
    for (size_t i = 0; i < COUNT(ids); i++)
        for (size_t k = 0; k < COUNT(ids); k++) {
            int order = event_id_compare(ids[i].id, ids[k].id);

            cr_expect((order < 0) == (i < k) && (order > 0) == (i > k),
                      "%s %s: %d", ids[i].text, ids[k].text, order);
        }
}

static const struct {
    const char *bytes;
    size_t len;
} invalid[] = {
    {BYTES("")},
    {BYTES("-")},
    {BYTES("-1")},
    {BYTES("+1")},
    {BYTES(" 1")},
    {BYTES("1 ")},
    {BYTES("1\0")},
    {BYTES("1\n")},
    {BYTES("1.5")},
    {BYTES("0x1")},
    {BYTES("1e3")},
    {BYTES("hello")},
    {BYTES("\xed\x95\x9c")},
    {BYTES("?")},
    /* Not what is printed: leading zeros, and a first one that is counted. */
    {BYTES("00")},
    {BYTES("01")},
    {BYTES("1-0")},
    {BYTES("1-01")},
    {BYTES("1-")},
    {BYTES("1--1")},
    {BYTES("1-1-1")},
    {BYTES("1-1 ")},
    {BYTES("1-x")},
    {BYTES("1-1\0")},
    /* One too many, in either place, and much too many. */
    {BYTES("9223372036854775808")},
    {BYTES("9223372036854775810")},
    {BYTES("9999999999999999999")},
    {BYTES("18446744073709551616")},
    {BYTES("1-18446744073709551616")},
    {BYTES("1-18446744073709551620")},
    {BYTES("1-99999999999999999999")},
    {BYTES("99999999999999999999999999999999999999")},
    {BYTES("1111111111222222222233333333334444444444555555555566666666667777")},
    {BYTES(
        "11111111112222222222333333333344444444445555555555666666666677777")},
};

Test(event_id, refuses_what_is_never_printed)
{
    for (size_t i = 0; i < COUNT(invalid); i++) {
        struct event_id id = {42, 43};

        cr_expect(!parse(invalid[i].bytes, invalid[i].len, &id), "%s",
                  invalid[i].bytes);
        expect_same(id, (struct event_id){42, 43});
    }
}

Test(event_id, reads_no_further_than_told)
{
    struct event_id id;

    cr_assert(event_id_parse("17-3garbage", 4, &id));
    expect_same(id, (struct event_id){17, 3});
    cr_assert(event_id_parse("17-3", 2, &id));
    expect_same(id, (struct event_id){17, 0});
}

static const struct {
    struct event_id last;
    int64_t now;
    struct event_id next;
} nexts[] = {
    {{0, 0}, 1000, {1000, 0}},
    {{1000, 0}, 1001, {1001, 0}},
    {{1000, 7}, 1001, {1001, 0}},
    /* The clock stands still, */
    {{1000, 0}, 1000, {1000, 1}},
    {{1000, 1}, 1000, {1000, 2}},
    /* steps back, by a little, an hour, or before the epoch. */
    {{1000, 0}, 999, {1000, 1}},
    {{1000, 41}, 999, {1000, 42}},
    {{5000000, 0}, 1400000, {5000000, 1}},
    {{1000, 0}, 0, {1000, 1}},
    {{1000, 0}, -1, {1000, 1}},
    {{0, 0}, 0, {0, 1}},
};

Test(event_id, next)
{
    for (size_t i = 0; i < COUNT(nexts); i++)
        expect_same(event_id_next(nexts[i].last, nexts[i].now), nexts[i].next);
}

Test(event_id, next_increases_whatever_the_clock_does)
{
    struct event_id last = {0, 0};

    for (int i = 0; i < 100000; i++) {
        struct event_id next = event_id_next(last, (i * 7919) % 4001);

        cr_assert(event_id_compare(last, next) < 0);
        last = next;
    }
}
