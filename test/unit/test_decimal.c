#include "base/decimal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static void expect(uint64_t number, const char *text)
{
    char out[DECIMAL_SIZE];
    char *end = decimal_put(out, number);

    cr_expect_str_eq(out, text);
    cr_expect_eq(end, out + strlen(text));
}

Test(decimal, any_number)
{
    expect(0, "0");
    expect(9, "9");
    expect(10, "10");
    expect(1744353427777, "1744353427777");
    expect(UINT64_MAX, "18446744073709551615");
}

Test(decimal, in_hexadecimal)
{
    char out[DECIMAL_SIZE];

    cr_expect_eq(decimal_put_hex(out, UINT64_MAX), out + 16);
    cr_expect_str_eq(out, "ffffffffffffffff");
    decimal_put_hex(out, 0x5a0);
    cr_expect_str_eq(out, "5a0");
}
