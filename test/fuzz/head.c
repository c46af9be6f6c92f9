/* head: see head.h. */
#include "head.h"

#include "base/limit.h"
#include "fuzz.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "([0-9A-Za-z!#$%&'*+.^_`|~-]+)"
#define HOST  "([0-9A-Za-z._~%!$&'()*+,;=-]+|\\[[0-9A-Za-z:.]+\\])"
#define PORT  "(:[0-9]*)?"

enum pattern {
    REQUEST_LINE,
    ORIGIN_FORM,
    ABSOLUTE_FORM,
    FIELD,
    HOSTS,
    CODINGS,
    CLOSE,
    KEEP_ALIVE,
    EXPECTATIONS,
    PATTERNS
};

struct fields {
    size_t count;
    char *name[LIMIT_FIELDS], *value[LIMIT_FIELDS];
};

static bool matches(enum pattern pattern, const char *text, regmatch_t part[3])
{
    static const char *const patterns[PATTERNS] = {
        [REQUEST_LINE] = "^" TOKEN " ([!-~]+) HTTP/1\\.[0-9]$",
        [ORIGIN_FORM] = "^/[!\"$-~]*$",
        [ABSOLUTE_FORM] = "^http://" HOST PORT "([/?][!\"$-~]*)?$",
        [FIELD] = "^" TOKEN ":[ \t]*(.*)$",
        [HOSTS] = "^" HOST "?" PORT "$",
        [CODINGS] = "^[ \t,]*chunked[ \t,]*$",
        [CLOSE] = "(^|,)[ \t]*close[ \t]*(,|$)",
        [KEEP_ALIVE] = "(^|,)[ \t]*keep-alive[ \t]*(,|$)",
        [EXPECTATIONS] = "^100-continue(,100-continue)*$",
    };
    static regex_t compiled[PATTERNS];
    static bool ready[PATTERNS];
    int flags = REG_EXTENDED | (pattern == REQUEST_LINE ? 0 : REG_ICASE);

    if (!ready[pattern])
        assert(!regcomp(&compiled[pattern], patterns[pattern], flags));
    ready[pattern] = true;
    return regexec(&compiled[pattern], text, part ? 3 : 0, part, 0) == 0;
}

/* No control characters; what is not ASCII is for the patterns to judge. */
static bool is_text(const char *s)
{
    for (; *s; s++)
        if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7f)
            return false;
    return true;
}

static bool good_request_line(char *line)
{
    regmatch_t part[3];
    const char *target = line;

    if (!is_text(line) || !matches(REQUEST_LINE, line, part))
        return false;
    line[part[1].rm_eo] = '\0';
    line[part[2].rm_eo] = '\0';
    target += part[2].rm_so;
    if (strlen(target) > LIMIT_TARGET || strcmp(line, "CONNECT") == 0)
        return false;
    if (strcmp(target, "*") == 0)
        return strcmp(line, "OPTIONS") == 0;
    return matches(ORIGIN_FORM, target, NULL) ||
           matches(ABSOLUTE_FORM, target, NULL);
}

static bool read_field(char *line, struct fields *f)
{
    regmatch_t part[3];
    char *value, *end = line + strlen(line);

    if (f->count == LIMIT_FIELDS || !is_text(line) ||
        !matches(FIELD, line, part))
        return false;
    line[part[1].rm_eo] = '\0';
    value = line + part[2].rm_so;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    f->name[f->count] = line;
    f->value[f->count++] = value;
    return true;
}

/* The values of all fields of that name as one list; returns their number. */
static size_t join(const struct fields *f, const char *name,
                   char list[LIMIT_HEAD])
{
    size_t n = 0;

    *list = '\0';
    for (size_t i = 0; i < f->count; i++)
        if (strcasecmp(f->name[i], name) == 0)
            list = stpcpy(stpcpy(list, n++ ? "," : ""), f->value[i]);
    return n;
}

/* Equal numbers below 2^64, one a field. */
static bool good_length(const struct fields *f, struct head *h)
{
    char list[LIMIT_HEAD], *rest = list, *one;
    size_t n = join(f, "Content-Length", list), seen = 0;

    while (n > 0 && (one = strsep(&rest, ","))) {
        char *digits = one + strspn(one, "0");
        size_t len = strlen(digits);

        if (!*one || digits[strspn(digits, "0123456789")] || len > 20 ||
            (len == 20 && strcmp(digits, "18446744073709551615") > 0))
            return false;
        if (len == 0)
            digits--; /* of the zeros, one */
        if (seen++ > 0 && strcmp(h->length, digits) != 0)
            return false;
        strcpy(h->length, digits);
    }
    return seen == n;
}

static bool good_fields(const struct fields *f, int minor, struct head *h)
{
    char list[LIMIT_HEAD];
    size_t n = join(f, "Host", list);

    if (n > 1 || (n == 0 && minor > 0) || !matches(HOSTS, list, NULL) ||
        !good_length(f, h))
        return false;
    if (join(f, "Transfer-Encoding", list) > 0) {
        h->chunked = matches(CODINGS, list, NULL);
        if (!h->chunked || h->length[0] || minor == 0)
            return false;
    }
    n = join(f, "Expect", list);
    if (n > 0 && minor > 0) {
        /* One a field. */
        h->expect_continue = matches(EXPECTATIONS, list, NULL) &&
                             strlen(list) == n * strlen("100-continue,") - 1;
        if (!h->expect_continue)
            return false;
    }
    join(f, "Connection", list);
    h->keep_alive = !matches(CLOSE, list, NULL) &&
                    (minor > 0 || matches(KEEP_ALIVE, list, NULL));
    h->field_count = f->count;
    return true;
}

static bool good_head(char *text, struct head *h)
{
    struct fields f = {0};
    char *rest = strstr(text, "\r\n");
    int minor;

    if (rest)
        *rest = '\0';
    minor = *text ? text[strlen(text) - 1] - '0' : 0;
    if (!good_request_line(text))
        return false;
    while (rest) {
        char *line = rest + 2;

        rest = strstr(line, "\r\n");
        if (rest)
            *rest = '\0';
        if (!read_field(line, &f))
            return false;
    }
    return good_fields(&f, minor, h);
}

void head_read(struct slice bytes, struct head *h)
{
    const char *at = bytes.at, *all = bytes.at + bytes.len, *end;
    char *text;

    *h = (struct head){0};
    while (all - at >= 2 && memcmp(at, "\r\n", 2) == 0)
        at += 2;
    end = memmem(at, (size_t)(all - at), "\r\n\r\n", 4);
    if (!end)
        return;
    h->complete = true;
    h->len = (size_t)(end + 4 - bytes.at);
    if (h->len > LIMIT_HEAD)
        return;
    text = strndup(at, (size_t)(end - at));
    h->good = strlen(text) == (size_t)(end - at) && good_head(text, h);
    free(text);
}
