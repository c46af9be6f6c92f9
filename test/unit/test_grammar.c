/* grammar: every byte, against what RFC 9110 and 5234 list. */
#include "unit.h"

#include "http/grammar.h"

#include <string.h>

static const char tchar[] = "!#$%&'*+-.^_`|~0123456789"
                            "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

Test(grammar, every_byte)
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < 256; i++) {
        bool visible = i >= 0x21 && i <= 0x7e;
        const char *digit =
            i ? strchr(digits, i >= 'A' && i <= 'F' ? i + 32 : i) : NULL;
        char c = (char)i;

        cr_expect(grammar_is_token(c) == (i && strchr(tchar, i)), "%d", i);
        cr_expect(grammar_is_visible(c) == visible, "%d", i);
        cr_expect(grammar_is_value(c) ==
                      (visible || i == ' ' || i == '\t' || i >= 0x80),
                  "%d", i);
        cr_expect(grammar_hex(c) == (digit ? digit - digits : -1), "%d", i);
    }
}
