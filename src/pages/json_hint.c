/* json_hint: see json_hint.h. */
#include "pages/json_hint.h"

#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

static bool begins(struct slice s, const char *prefix)
{
    size_t len = strlen(prefix);

    return s.len >= len && memcmp(s.at, prefix, len) == 0;
}

static struct slice after_space(struct slice s)
{
    while (s.len > 0 && isspace((unsigned char)*s.at)) {
        s.at++;
        s.len--;
    }
    return s;
}

/* Two bytes for each character: with a byte order mark, or as ASCII in UTF-16
 * has it, every second byte a NUL. */
static bool is_utf16(struct slice s)
{
    return begins(s, "\xff\xfe") || begins(s, "\xfe\xff") ||
           (s.len >= 2 && (s.at[0] == '\0') != (s.at[1] == '\0'));
}

static bool is_one_of(const char *set, char c)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* name=value, as in the body of a form. */
static bool is_form(struct slice s)
{
    size_t i = 0;

    while (i < s.len &&
           (isalnum((unsigned char)s.at[i]) || is_one_of("_-.%+[]", s.at[i])))
        i++;
    return i > 0 && i < s.len && s.at[i] == '=';
}

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool starts_word(char before, char c)
{
    return is_letter(c) && is_one_of(":,[ \t\r\n", before);
}

/* Looks for what may not stand in a string, or outside of one. */
static const char *hint_by_strings(struct slice s)
{
    bool inside = false;

    for (size_t i = 0; i < s.len; i++) {
        struct slice rest = {s.at + i, s.len - i};

        if (inside && (unsigned char)*rest.at < ' ')
            return "write a line break in a string as \\n, a tab as \\t";
        if (inside && *rest.at == '\\')
            i++;
        else if (*rest.at == '"')
            inside = !inside;
        else if (!inside && i > 0 && starts_word(s.at[i - 1], *rest.at) &&
                 !begins(rest, "true") && !begins(rest, "false") &&
                 !begins(rest, "null"))
            return "a text needs double quotes, as \"hello\"";
    }
    return NULL;
}

/* What stands at the beginning, or behind the first brace. */
static const struct {
    const char *start;
    bool in_object;
    const char *hint;
} starts[] = {
    {"'", false,
     "cmd.exe does not know single quotes: "
     "write \"{\\\"text\\\":\\\"hello\\\"}\""},
    {"'", true, "JSON needs double quotes, not single ones"},
    {"\xe2\x80", true, "JSON needs plain double quotes, not curly ones"},
    {"\\", true, "do not write a backslash before these quotes"},
    {"%7B", false, "this is URL-encoded: use --data, not --data-urlencode"},
    {"%7b", false, "this is URL-encoded: use --data, not --data-urlencode"},
    {"[object ", false,
     "in JavaScript, send JSON.stringify({text: \"hello\"})"},
    {"--", false, "this looks like a form: use -d and not -F, and send JSON"},
};

static const char *hint_by_start(struct slice body)
{
    struct slice s = after_space(body), in = {NULL, 0};

    if (s.len > 0 && *s.at == '{')
        in = after_space((struct slice){s.at + 1, s.len - 1});
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (begins(starts[i].in_object ? in : s, starts[i].start))
            return starts[i].hint;
    if (in.len > 0 && is_letter(*in.at))
        return "the double quotes are missing: a shell removes them, "
               "and PowerShell and cmd.exe need \\\" for each";
    if (is_form(s))
        return "this looks like a form: send JSON, as {\"text\":\"hello\"}";
    if (s.len == 0)
        return "there is only white space";
    if (!is_one_of("{[\"", *s.at))
        return "send a JSON object, as {\"text\":\"hello\"}";
    return NULL;
}

const char *json_hint(struct slice body)
{
    const char *hint;

    if (is_utf16(body))
        return "this looks like UTF-16: send UTF-8";
    if (!utf8_valid(body))
        return "the text is not UTF-8: is it EUC-KR (CP949)? "
               "In cmd.exe, chcp 65001 helps";
    hint = hint_by_start(body);
    return hint ? hint : hint_by_strings(body);
}
