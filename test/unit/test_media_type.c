/* media_type: what a file is sent as. */
#include "unit.h"

#include "pages/media_type.h"

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
    {"a.htm", "text/html; charset=utf-8"},
    {"a.cjs", "text/javascript; charset=utf-8"},
    {"a.webmanifest", "application/manifest+json"},
    {"README.md", "text/markdown; charset=utf-8"},
    {"a.csv", "text/csv; charset=utf-8"},
    {"a.xml", "application/xml"},
    {"a.pdf", "application/pdf"},
    {"a.avif", "image/avif"},
    {"a.woff", "font/woff"},
    {"a.ttf", "font/ttf"},
    {"a.mp3", "audio/mpeg"},
    {"a.ogg", "audio/ogg"},
    {"a.mp4", "video/mp4"},
    {"a.webm", "video/webm"},
    {"A.HTML", "text/html; charset=utf-8"},
    {"a/b.c/index.Html", "text/html; charset=utf-8"},
    {"a.html.exe", UNKNOWN},
    {"a.htmlx", UNKNOWN},
    {"a.", UNKNOWN},
    {"html", UNKNOWN},
    {"a.html/README", UNKNOWN},
    {"", UNKNOWN},
};

Test(media_type, by_the_ending)
{
    for (size_t i = 0; i < COUNT(types); i++)
        cr_expect_str_eq(media_type(types[i].name), types[i].type, "%s",
                         types[i].name);
}
