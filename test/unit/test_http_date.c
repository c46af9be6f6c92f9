/* http_date: RFC 9110, 5.6.7. */
#include "unit.h"

#include "http/http_date.h"

#include <stdlib.h>
#include <time.h>

static const struct {
    time_t time;
    const char *text;
} dates[] = {
    {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
    {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
    {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},
    {951782400, "Tue, 29 Feb 2000 00:00:00 GMT"},
    {1744353420, "Fri, 11 Apr 2025 06:37:00 GMT"},
    {2147483648, "Tue, 19 Jan 2038 03:14:08 GMT"},
    {4107542399, "Sun, 28 Feb 2100 23:59:59 GMT"},
    {253402300799, "Fri, 31 Dec 9999 23:59:59 GMT"},
};

Test(http_date, prints_and_reads_back)
{
    for (size_t i = 0; i < COUNT(dates); i++) {
        char out[HTTP_DATE_SIZE];
        time_t back = 42;

        http_date_print(dates[i].time, out);
        cr_expect_str_eq(out, dates[i].text);
        cr_expect(http_date_parse(slice_of(out), &back), "%s", out);
        cr_expect(back == dates[i].time, "%s", out);
    }
}

/* Local time must not matter. */
Test(http_date, anywhere)
{
    char out[HTTP_DATE_SIZE];
    time_t back = 42;

    setenv("TZ", "KST-9", 1);
    tzset();
    http_date_print(784111777, out);
    cr_expect_str_eq(out, "Sun, 06 Nov 1994 08:49:37 GMT");
    cr_expect(http_date_parse(slice_of(out), &back));
    cr_expect_eq(back, 784111777);
}

static const struct {
    const char *text;
    bool exists;
} moments[] = {
    {"Sun, 31 Feb 2026 08:49:37 GMT", false},
    {"Mon, 30 Feb 2026 08:49:37 GMT", false},
    {"Sun, 29 Feb 2026 08:49:37 GMT", false},
    {"Thu, 29 Feb 2024 08:49:37 GMT", true},
    {"Mon, 29 Feb 2100 08:49:37 GMT", false},
    {"Fri, 31 Apr 2026 08:49:37 GMT", false},
    {"Thu, 30 Apr 2026 08:49:37 GMT", true},
    {"Thu, 31 Dec 2026 08:49:37 GMT", true},
    {"Sun, 00 Nov 2026 08:49:37 GMT", false},
    {"Sunday, 31-Feb-26 08:49:37 GMT", false},
    {"Saturday, 28-Feb-26 08:49:37 GMT", true},
    {"Sun Feb 31 08:49:37 2026", false},
    {"Sat Feb 28 08:49:37 2026", true},
    {"Thu, 30 Apr 2026 24:00:00 GMT", false},
    {"Thu, 30 Apr 2026 08:60:00 GMT", false},
    {"Thu, 30 Apr 2026 08:49:60 GMT", false},
    {"Thu, 30 Apr 2026 08:49:61 GMT", false},
    {"Thu, 30 Apr 2026 23:59:61 GMT", false},
    {"Sat, 31 Dec 2016 23:59:60 GMT", true}, /* a leap second */
    {"Mon, 30 Apr 2026 08:49:37 GMT", true}, /* it was a Thursday */
};

Test(http_date, a_moment_that_does_not_exist_is_none)
{
    for (size_t i = 0; i < COUNT(moments); i++) {
        time_t t = 42;

        cr_expect(http_date_parse(slice_of(moments[i].text), &t) ==
                      moments[i].exists,
                  "%s", moments[i].text);
        cr_expect((t == 42) != moments[i].exists, "%s", moments[i].text);
    }
}

static const struct {
    const char *text;
    bool valid;
} forms[] = {
    {"Sun, 06 Nov 1994 08:49:37 GMT", true},
    {"Sunday, 06-Nov-94 08:49:37 GMT", true}, /* obsolete: RFC 850 */
    {"Sun Nov  6 08:49:37 1994", true},       /* obsolete: asctime */
    {"", false},
    {"Sun", false},
    {"784111777", false},
    {"1994-11-06T08:49:37Z", false},
    {"Sun, 06 Nov 1994 08:49:37", false},
    {"Sun, 06 Nov 1994 08:49:37 UTC", false},
    {"Sun, 06 Nov 1994 08:49:37 +0000", false},
    {"Sun, 06 Nov 1994 08:49:37 GMT ", false},
    {"Sun, 06 Nov 1994 08:49:37 GMTx", false},
    {"Sun, 06 Now 1994 08:49:37 GMT", false},
    {"Sun, 32 Nov 1994 08:49:37 GMT", false},
    {"Sun, 06 Nov 1994 25:49:37 GMT", false},
    {"Sun Nov  6 08:49:37 1994 GMT", false},
    {"Fri, 31 Dec 9999 23:59:60 GMT", false}, /* the year 10000 */
    {"Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT, Sun",
     false},
};

Test(http_date, a_year_of_five_digits_has_no_form)
{
    const time_t last = 253402300799;
    char text[HTTP_DATE_SIZE];

    http_date_print(last, text);
    cr_expect_str_eq(text, "Fri, 31 Dec 9999 23:59:59 GMT");
    http_date_print(last + 1, text);
    cr_expect_str_eq(text, "Thu, 01 Jan 1970 00:00:00 GMT");
}

Test(http_date, forms)
{
    for (size_t i = 0; i < COUNT(forms); i++) {
        size_t len = slice_of(forms[i].text).len;
        char *copy = copy_exactly(forms[i].text, len);
        time_t t = 42;

        cr_expect(http_date_parse((struct slice){copy, len}, &t) ==
                      forms[i].valid,
                  "%s", forms[i].text);
        cr_expect(t == (forms[i].valid ? 784111777 : 42), "%s", forms[i].text);
        free(copy);
    }
}
