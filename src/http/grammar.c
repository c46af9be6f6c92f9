/* grammar: see grammar.h. */
#include "http/grammar.h"

#include <string.h>

bool grammar_is_token(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

bool grammar_is_visible(char c)
{
    return c > ' ' && c < 0x7f;
}

bool grammar_is_value(char c)
{
    return grammar_is_visible(c) || (unsigned char)c >= 0x80 || c == ' ' ||
           c == '\t';
}

int grammar_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}
