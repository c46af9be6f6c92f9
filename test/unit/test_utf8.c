/* utf8: what is UTF-8, at the borders of RFC 3629, 4. */
#include "unit.h"

#include "base/utf8.h"

#include <stdlib.h>

static const struct {
    bool valid;
    const char *bytes;
    size_t len;
} cases[] = {
    {true, BYTES("")},
    {true, BYTES("a\0b")},
    {true, BYTES("\x7f")},
    {true, BYTES("안녕하세요")},
    {true, BYTES("\xc2\x80\xdf\xbf")},
    {true, BYTES("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf")},
    {true, BYTES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")},
    {false, BYTES("\x80")},
    {false, BYTES("a\xbf")},
    {false, BYTES("\xc0\x80")},         /* overlong */
    {false, BYTES("\xc1\xbf")},         /* overlong */
    {false, BYTES("\xe0\x9f\xbf")},     /* overlong */
    {false, BYTES("\xf0\x8f\xbf\xbf")}, /* overlong */
    {false, BYTES("\xed\xa0\x80")},     /* a surrogate */
    {false, BYTES("\xf4\x90\x80\x80")}, /* beyond U+10FFFF */
    {false, BYTES("\xf5\x80\x80\x80")},
    {false, BYTES("\xff")},
    {false, BYTES("\xc2")},
    {false, BYTES("\xc2"
                  "a")},
    {false, BYTES("\xe1\x80")},
    {false, BYTES("\xe1\x80\xc0")},
    {false, BYTES("\xf1\x80\x80")},
    {false, BYTES("\xf1\x80\x80\x7f")},
};

Test(utf8, borders)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *copy = copy_exactly(cases[i].bytes, cases[i].len);

        cr_expect_eq(utf8_valid((struct slice){copy, cases[i].len}),
                     cases[i].valid, "case %zu", i);
        free(copy);
    }
}
