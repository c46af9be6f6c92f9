/* slice: comparing, trimming, cutting. */
#include "unit.h"

#include <stdlib.h>

Test(slice, of_a_string)
{
    cr_expect_eq(slice_of("abc").len, 3);
    cr_expect_eq(slice_of("").len, 0);
    cr_expect(slice_of("").at != NULL);
    cr_expect_eq(slice_of(NULL).len, 0);
    cr_expect(slice_of(NULL).at == NULL);
}

static const struct {
    const char *bytes, *string;
    bool same, same_nocase;
} pairs[] = {
    {"abc", "abc", true, true},
    {"aBc", "AbC", false, true},
    {"abc", "abcd", false, false},
    {"abc", "ab", false, false},
    {"", "", true, true},
    {"", "a", false, false},
    {"a", "", false, false},
    {"a-1", "A-1", false, true},
    /* '[' and '{' differ by the bit that tells 'A' from 'a'. */
    {"[", "{", false, false},
    {"@", "`", false, false},
};

Test(slice, comparisons)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        size_t len = slice_of(pairs[i].bytes).len;
        char *copy = copy_exactly(pairs[i].bytes, len);
        struct slice s = {copy, len};

        cr_expect(slice_is(s, pairs[i].string) == pairs[i].same, "%s %s",
                  pairs[i].bytes, pairs[i].string);
        cr_expect(slice_is_nocase(s, pairs[i].string) == pairs[i].same_nocase,
                  "%s %s", pairs[i].bytes, pairs[i].string);
        free(copy);
    }
    cr_expect(!slice_is((struct slice){BYTES("a\0b")}, "a"));
}

Test(slice, nothing_is_the_empty_string)
{
    const struct slice nothing = {NULL, 0};

    cr_expect(slice_is(nothing, ""));
    cr_expect_not(slice_is(nothing, "a"));
    cr_expect(slice_is_nocase(nothing, ""));
    cr_expect_not(slice_is_nocase(nothing, "a"));
    cr_expect_eq(slice_trim(nothing).len, 0);
}

static const struct {
    const char *bytes, *trimmed;
} trims[] = {
    {"a", "a"},      {" a", "a"},
    {"a ", "a"},     {"\t a \t", "a"},
    {"a b", "a b"},  {" a\t b ", "a\t b"},
    {"", ""},        {" ", ""},
    {" \t \t ", ""}, {"\r\na\v", "\r\na\v"}, /* OWS is space and tab alone */
};

Test(slice, trim)
{
    for (size_t i = 0; i < COUNT(trims); i++) {
        size_t len = slice_of(trims[i].bytes).len;
        char *copy = copy_exactly(trims[i].bytes, len);

        expect_slice(slice_trim((struct slice){copy, len}), trims[i].trimmed,
                     trims[i].bytes);
        free(copy);
    }
}

static const struct {
    const char *list;
    size_t count;
    const char *parts[4];
} cuts[] = {
    {"a,b,c", 3, {"a", "b", "c"}},
    {"a", 1, {"a"}},
    {"", 1, {""}},
    {",", 2, {"", ""}},
    {"a,", 2, {"a", ""}},
    {",a", 2, {"", "a"}},
    {"a,,b", 3, {"a", "", "b"}},
    {"a;b", 1, {"a;b"}},
};

Test(slice, cut)
{
    for (size_t i = 0; i < COUNT(cuts); i++) {
        size_t len = slice_of(cuts[i].list).len, count = 0;
        char *copy = copy_exactly(cuts[i].list, len);
        struct slice rest = {copy, len};

        while (rest.at && count < COUNT(cuts[i].parts)) {
            struct slice part = slice_cut(&rest, ',');

            if (count < cuts[i].count)
                expect_slice(part, cuts[i].parts[count], cuts[i].list);
            count++;
        }
        cr_expect(count == cuts[i].count, "%s: %zu", cuts[i].list, count);
        cr_expect_eq(rest.len, 0);
        free(copy);
    }
}

Test(slice, cut_of_nothing)
{
    struct slice rest = {NULL, 0};
    struct slice part = slice_cut(&rest, ',');

    cr_expect(part.at == NULL && part.len == 0 && rest.at == NULL);
}

Test(slice, numbers)
{
    static const struct {
        const char *text;
        uint64_t max;
        bool good;
        uint64_t number;
    } table[] = {
        {"0", 0, true, 0},
        {"1", 0, false, 0},
        {"9", 5, false, 0},
        {"5", 5, true, 5},
        {"007", 7, true, 7},
        {"10", 9, false, 0},
        {"19", 18, false, 0},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"18446744073709551619", UINT64_MAX, false, 0},
        {"184467440737095516150", UINT64_MAX, false, 0},
        {"9223372036854775807", INT64_MAX, true, INT64_MAX},
        {"9223372036854775808", INT64_MAX, false, 0},
        {"", 9, false, 0},
        {"-1", 9, false, 0},
        {"+1", 9, false, 0},
        {" 1", 9, false, 0},
        {"1 ", 9, false, 0},
        {"1a", 99, false, 0},
    };

    for (size_t i = 0; i < COUNT(table); i++) {
        uint64_t number = 42;
        bool good =
            slice_number(slice_of(table[i].text), table[i].max, &number);

        cr_expect(good == table[i].good &&
                      number == (good ? table[i].number : 42),
                  "%s", table[i].text);
    }
}
