/* lookup: the pure part; what is found is tested from outside. */
#include "unit.h"

#include "pages/lookup.h"

static const struct {
    const char *path, *relative; /* NULL: refused */
} paths[] = {
    {"/", "."},
    {"", "."},
    {"//", "."},
    {"/index.html", "index.html"},
    {"//index.html", "index.html"},
    {"/a/b/", "a/b/"},
    {"/a//b", "a//b"},
    {"*", "*"},
    {"/./a", "./a"},
    {"/.", "."},
    {"/a/./b/.", "a/./b/."},
    {"/.well-known", ".well-known"},
    {"/.well-known/acme-challenge/x", ".well-known/acme-challenge/x"},
    {"//.well-known/x", ".well-known/x"},
    {"/a..", "a.."},
    {"/..", NULL},
    {"/../", NULL},
    {"..", NULL},
    {"/a/..", NULL},
    {"/a/../b", NULL},
    {"/a/b/../../..", NULL},
    {"//..//a", NULL},
    {"/.git/config", NULL},
    {"/.env", NULL},
    {"/.env/", NULL},
    {"//.env", NULL},
    {"/a/.hidden/b", NULL},
    {"/a/.htaccess", NULL},
    {"/...", NULL},
    {"/..a", NULL},
    {"/.. ", NULL},
    {"/..\\a", NULL},
    {"/a/.well-known/x", NULL},
    {"/./.well-known/x", NULL},
    {"/.well-known/.git", NULL},
    {"/.well-known2", NULL},
    {"/.Well-Known/x", NULL},
};

Test(lookup, relative)
{
    for (size_t i = 0; i < COUNT(paths); i++) {
        const char *got = lookup_relative(paths[i].path);

        cr_expect((got != NULL) == (paths[i].relative != NULL), "%s",
                  paths[i].path);
        if (got && paths[i].relative)
            cr_expect_str_eq(got, paths[i].relative);
    }
}
