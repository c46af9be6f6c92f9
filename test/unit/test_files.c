/* files: the pure parts; what is sent is tested from outside. */
#include "unit.h"

#include "pages/files.h"

#include <errno.h>
#include <unistd.h>

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
    {"/./a", "./a"},
    {"*", "*"},
    {"/...", "..."},
    {"/..a", "..a"},
    {"/a..", "a.."},
    {"/.. ", ".. "},
    {"/..\\a", "..\\a"},
    {"/..", NULL},
    {"/../", NULL},
    {"..", NULL},
    {"/a/..", NULL},
    {"/a/../b", NULL},
    {"/a/b/../../..", NULL},
    {"//..//a", NULL},
};

Test(files, relative)
{
    for (size_t i = 0; i < COUNT(paths); i++) {
        const char *got = files_relative(paths[i].path);

        cr_expect((got != NULL) == (paths[i].relative != NULL), "%s",
                  paths[i].path);
        if (got && paths[i].relative)
            cr_expect_str_eq(got, paths[i].relative);
    }
}

#define UNKNOWN "application/octet-stream"

static const struct {
    const char *name, *type;
} types[] = {
    {"index.html", "text/html; charset=utf-8"},
    {"a.js", "text/javascript; charset=utf-8"},
    {"a.mjs", "text/javascript; charset=utf-8"},
    {"a.css", "text/css; charset=utf-8"},
    {"a.txt", "text/plain; charset=utf-8"},
    {"a.json", "application/json"},
    {"a.js.map", "application/json"},
    {"a.wasm", "application/wasm"},
    {"a.png", "image/png"},
    {"a.jpg", "image/jpeg"},
    {"a.gif", "image/gif"},
    {"a.webp", "image/webp"},
    {"a.svg", "image/svg+xml"},
    {"favicon.ico", "image/x-icon"},
    {"a.otf", "font/otf"},
    {"a.woff2", "font/woff2"},
    {"A.HTML", "text/html; charset=utf-8"},
    {"a/b.c/index.Html", "text/html; charset=utf-8"},
    {"a.html.exe", UNKNOWN},
    {"a.htm", UNKNOWN},
    {"a.htmlx", UNKNOWN},
    {"a.", UNKNOWN},
    {"html", UNKNOWN},
    {"a.html/README", UNKNOWN},
    {"", UNKNOWN},
};

Test(files, type)
{
    for (size_t i = 0; i < COUNT(types); i++)
        cr_expect_str_eq(files_type(types[i].name), types[i].type, "%s",
                         types[i].name);
}

Test(files, open_root)
{
    int fd = files_open_root("/tmp");

    cr_expect_geq(fd, 0);
    close(fd);
    cr_expect_eq(files_open_root("/nowhere"), -1);
    cr_expect_eq(errno, ENOENT);
    cr_expect_eq(files_open_root("/proc/self/exe"), -1);
    cr_expect_eq(errno, ENOTDIR);
}
