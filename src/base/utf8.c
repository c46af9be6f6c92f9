/* utf8: see utf8.h. */
#include "base/utf8.h"

/* By the first byte: how long a character is, and where its second byte may
 * lie (RFC 3629, 4). All bytes behind the second lie between 80 and BF. */
static const struct {
    unsigned char first, last;
    unsigned char len;
    unsigned char low, high;
} forms[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf},
    {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf},
    {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static bool lies_between(char c, unsigned char low, unsigned char high)
{
    return (unsigned char)c >= low && (unsigned char)c <= high;
}

/* The length of the character at the start of s; 0 if there is none. */
static size_t character(struct slice s)
{
    size_t i = 0;

    while (i < sizeof forms / sizeof *forms &&
           !lies_between(s.at[0], forms[i].first, forms[i].last))
        i++;
    if (i == sizeof forms / sizeof *forms || s.len < forms[i].len)
        return 0;
    if (forms[i].len > 1 && !lies_between(s.at[1], forms[i].low, forms[i].high))
        return 0;
    for (size_t n = 2; n < forms[i].len; n++)
        if (!lies_between(s.at[n], 0x80, 0xbf))
            return 0;
    return forms[i].len;
}

bool utf8_valid(struct slice s)
{
    while (s.len > 0) {
        const size_t len = character(s);

        if (len == 0)
            return false;
        s.at += len;
        s.len -= len;
    }
    return true;
}
