/* decimal: see decimal.h. */
#include "base/decimal.h"

#include <string.h>

static char *put(char *at, uint64_t number, unsigned base)
{
    char digits[DECIMAL_SIZE], *first = digits + sizeof digits - 1;

    *first = '\0';
    do
        *--first = "0123456789abcdef"[number % base];
    while ((number /= base) > 0);
    return stpcpy(at, first);
}

char *decimal_put(char *at, uint64_t number)
{
    return put(at, number, 10);
}

char *decimal_put_hex(char *at, uint64_t number)
{
    return put(at, number, 16);
}
