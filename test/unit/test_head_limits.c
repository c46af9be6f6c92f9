/* head: the sizes in limit.h, to the byte. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE "GET / HTTP/1.1\r\nHost: a\r\n"

/* The bytes of `format`, where the one %s becomes `fill` letters. */
static struct head make_head(const char *rule, int status, const char *format,
                             size_t fill)
{
    size_t size = strlen(format) + fill;
    char *letters = malloc(fill + 1), *bytes = malloc(size);

    memset(letters, 'a', fill);
    letters[fill] = '\0';
    sprintf(bytes, format, letters);
    free(letters);
    return (struct head){rule, status, bytes, strlen(bytes)};
}

static void check_and_free(struct head h)
{
    check_heads(&h, 1);
    free((void *)(uintptr_t)h.bytes);
}

Test(head_limits, target)
{
    static const char format[] = "GET /%s HTTP/1.1\r\nHost: a\r\n\r\n";
    static const char endless[] = "GET /%s";

    check_and_free(make_head("the longest", 200, format, LIMIT_TARGET - 1));
    check_and_free(make_head("9112, 3: longer", 414, format, LIMIT_TARGET));
    check_and_free(make_head("9112, 3: endless", 414, endless, LIMIT_TARGET));
}

Test(head_limits, head)
{
    static const char format[] = LINE "X: %s\r\n\r\n";
    static const char endless[] = LINE "X: %s";
    const size_t fill = LIMIT_HEAD - (sizeof format - sizeof "%s");
    const size_t fill_endless = LIMIT_HEAD - (sizeof endless - sizeof "%s");

    check_and_free(make_head("the longest", 200, format, fill));
    check_and_free(make_head("6585, 5: longer", 431, format, fill + 1));
    check_and_free(make_head("6585, 5: endless", 431, endless, fill_endless));
}

/* Nothing but a method that never ends. */
Test(head_limits, unfinished_head)
{
    struct head h = make_head("", 0, "%s", LIMIT_HEAD);
    struct request r;

    cr_expect_eq(parse_at_once(h.bytes, LIMIT_HEAD - 1, &r), 0);
    cr_expect_eq(parse_at_once(h.bytes, LIMIT_HEAD, &r), 431);
    free((void *)(uintptr_t)h.bytes);
}

/* A head that is too large is refused as such, whatever else it is. */
Test(head_limits, too_large_comes_first)
{
    static const char format[] =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\nX: %s\r\n\r\n";

    check_and_free(make_head("6585, 5", 431, format, LIMIT_HEAD));
}

/* Empty lines before the request line count as well. */
Test(head_limits, empty_lines)
{
    static char lines[LIMIT_HEAD];
    struct request r;

    for (size_t i = 0; i < sizeof lines; i += 2)
        memcpy(lines + i, "\r\n", 2);
    cr_expect_eq(parse_at_once(lines, sizeof lines - 1, &r), 0);
    cr_expect_eq(parse_at_once(lines, sizeof lines, &r), 431);
}

static struct head make_fields(const char *rule, int status, int count)
{
    char *bytes = malloc(sizeof LINE + (size_t)count * 5 + 2);
    char *at = stpcpy(bytes, LINE);

    for (int i = 1; i < count; i++)
        at = stpcpy(at, "a:b\r\n");
    at = stpcpy(at, "\r\n");
    return (struct head){rule, status, bytes, (size_t)(at - bytes)};
}

Test(head_limits, number_of_fields)
{
    check_and_free(make_fields("the most", 200, LIMIT_FIELDS));
    check_and_free(make_fields("6585, 5: more", 431, LIMIT_FIELDS + 1));
    check_and_free(make_fields("6585, 5: more", 431, 3 * LIMIT_FIELDS));
}
