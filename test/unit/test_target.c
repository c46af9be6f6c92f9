/* target: percent-decoding of paths and queries (RFC 3986, 2.1). */
#include "unit.h"

#include "http/target.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *path;
    const char *decoded; /* NULL: refused */
} paths[] = {
    {"/", "/"},
    {"", ""},
    {"/a/b.html", "/a/b.html"},
    {"/a%20b", "/a b"},
    {"/%41%5a%7a", "/AZz"},
    {"/%2F%2f", "///"},
    {"/%2e%2E/", "/../"},
    {"/%ed%95%9C", "/\xed\x95\x9c"},
    {"/%01%ff", "/\x01\xff"},
    {"/%25", "/%"},
    {"/%2541", "/%41"}, /* decoded once, not twice */
    {"/a+b", "/a+b"},
    {"/%", NULL},
    {"/%4", NULL},
    {"/a%", NULL},
    {"/%zz", NULL},
    {"/%4g", NULL},
    {"/%g4", NULL},
    {"/%+4", NULL},
    {"/% 4", NULL},
    {"/%%41", NULL},
    {"/%00", NULL},
    {"/index.html%00.png", NULL},
};

Test(target, path)
{
    for (size_t i = 0; i < COUNT(paths); i++) {
        size_t len = slice_of(paths[i].path).len;
        char *copy = copy_exactly(paths[i].path, len), out[64];
        bool valid =
            target_decode_path((struct slice){copy, len}, out, sizeof out);

        cr_expect(valid == (paths[i].decoded != NULL), "%s", paths[i].path);
        if (valid && paths[i].decoded)
            cr_expect_str_eq(out, paths[i].decoded);
        free(copy);
    }
}

Test(target, path_that_fills_its_room)
{
    char *out = malloc(4);

    cr_expect(target_decode_path(slice_of("/%41b"), out, 4));
    cr_expect_str_eq(out, "/Ab");
    cr_expect(!target_decode_path(slice_of("/abc"), out, 4));
    cr_expect(!target_decode_path(slice_of("/ab%41"), out, 4));
    free(out);
}

static const struct {
    const char *path, *query, *location;
} slashes[] = {
    {"/docs", NULL, "/docs/"},
    {"/docs", "", "/docs/?"},
    {"/docs", "a=1&b=/x?y", "/docs/?a=1&b=/x?y"},
    {"/a/b", NULL, "/a/b/"},
    {"/a%20b/%ED%95%9C", "q=%20%zz", "/a%20b/%ED%95%9C/?q=%20%zz"},
    {"/a+b:c@d;e=f,(g)'h'", NULL, "/a+b:c@d;e=f,(g)'h'/"},
    {"/100%25", NULL, "/100%25/"},
    {"/what%3F", "x", "/what%3F/?x"},
    {"/docs%2f", NULL, "/docs%2f/"},
    {"//docs", NULL, "/docs/"},
    {"///evil.example/..", NULL, "/evil.example/../"},
    {"/\\evil.example", NULL, "/%5Cevil.example/"},
    {"//\\evil.example", "\\", "/%5Cevil.example/?%5C"},
    {"/%5cevil.example", NULL, "/%5cevil.example/"},
    {"/<a>\"{b}|^`", "<a>", "/%3Ca%3E%22%7Bb%7D%7C%5E%60/?%3Ca%3E"},
};

Test(target, with_a_slash_behind_its_path)
{
    for (size_t i = 0; i < COUNT(slashes); i++) {
        struct slice path = slice_of(slashes[i].path);
        struct slice query = slice_of(slashes[i].query);
        size_t len = strlen(slashes[i].location);
        char *out = malloc(len + 1);

        cr_assert(target_add_slash(path, query, out, len + 1), "%s",
                  slashes[i].path);
        cr_expect_str_eq(out, slashes[i].location);
        cr_expect(!target_add_slash(path, query, out, len), "%s",
                  slashes[i].path);
        free(out);
    }
}

static const struct {
    const char *query, *name;
    const char *value; /* NULL: there is none */
} queries[] = {
    {"limit=3", "limit", "3"},
    {"a=1&limit=3&b=2", "limit", "3"},
    {"limit=3&limit=4", "limit", "3"},
    {"limit=", "limit", ""},
    {"limit", "limit", ""},
    {"limit&a=1", "limit", ""},
    {"limit=a=b", "limit", "a=b"},
    {"limit=a%26b%3dc+d%2B", "limit", "a&b=c d+"},
    {"lastEventId=17-3", "lastEventId", "17-3"},
    {"", "limit", NULL},
    {"&&=&", "limit", NULL},
    {"a=limit", "limit", NULL},
    {"xlimit=3", "limit", NULL},
    {"limitx=3", "limit", NULL},
    {"Limit=3", "limit", NULL},
    {"limit%3d3", "limit", NULL},
    /* What cannot be decoded is there, and is nobody's number or id. */
    {"limit=%zz", "limit", "?"},
    {"limit=%00", "limit", "?"},
    {"limit=1%", "limit", "?"},
    {"limit=%&limit=3", "limit", "?"},
    {"limit=01234567890123", "limit", "01234567890123"},
    {"limit=012345678901234", "limit", "012345678901234"},
    {"limit=0123456789012345", "limit", "?"},
};

Test(target, query)
{
    for (size_t i = 0; i < COUNT(queries); i++) {
        size_t len = slice_of(queries[i].query).len;
        char *copy = copy_exactly(queries[i].query, len), out[16];
        bool found = target_query((struct slice){copy, len}, queries[i].name,
                                  out, sizeof out);

        cr_expect(found == (queries[i].value != NULL), "%s", queries[i].query);
        if (found && queries[i].value)
            cr_expect_str_eq(out, queries[i].value, "%s", queries[i].query);
        free(copy);
    }
}

Test(target, no_query)
{
    char out[8];

    cr_expect(!target_query((struct slice){NULL, 0}, "a", out, sizeof out));
    cr_expect(!target_query((struct slice){NULL, 0}, "", out, sizeof out));
}
