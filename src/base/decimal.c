/* decimal: see decimal.h. */
#include "base/decimal.h"

#include <string.h>

char *decimal_put(char *at, uint64_t number)
{
    char digits[DECIMAL_SIZE], *first = digits + sizeof digits - 1;

    *first = '\0';
    do
        *--first = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return stpcpy(at, first);
}
