/* media_type: see media_type.h. */
#include "pages/media_type.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define UTF_8 "; charset=utf-8"

/* To serve another type, add its line. */
static const struct {
    const char *ending, *type;
} types[] = {
    /* pages, and what they run */
    {"html", "text/html" UTF_8},
    {"htm", "text/html" UTF_8},
    {"xhtml", "application/xhtml+xml"},
    {"css", "text/css" UTF_8},
    {"js", "text/javascript" UTF_8},
    {"mjs", "text/javascript" UTF_8},
    {"cjs", "text/javascript" UTF_8},
    {"wasm", "application/wasm"},
    {"webmanifest", "application/manifest+json"},

    /* data and documents */
    {"txt", "text/plain" UTF_8},
    {"md", "text/markdown" UTF_8},
    {"csv", "text/csv" UTF_8},
    {"tsv", "text/tab-separated-values" UTF_8},
    {"vtt", "text/vtt" UTF_8},
    {"json", "application/json"},
    {"map", "application/json"},
    {"jsonld", "application/ld+json"},
    {"geojson", "application/geo+json"},
    {"xml", "application/xml"},
    {"rss", "application/rss+xml"},
    {"atom", "application/atom+xml"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"pdf", "application/pdf"},
    {"zip", "application/zip"},
    {"gz", "application/gzip"},

    /* pictures */
    {"png", "image/png"},
    {"apng", "image/apng"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"svg", "image/svg+xml"},
    {"ico", "image/x-icon"},

    /* fonts */
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"ttf", "font/ttf"},
    {"otf", "font/otf"},

    /* sound and films */
    {"mp3", "audio/mpeg"},
    {"m4a", "audio/mp4"},
    {"aac", "audio/aac"},
    {"ogg", "audio/ogg"},
    {"oga", "audio/ogg"},
    {"opus", "audio/ogg"},
    {"wav", "audio/wav"},
    {"flac", "audio/flac"},
    {"mp4", "video/mp4"},
    {"m4v", "video/mp4"},
    {"webm", "video/webm"},
    {"ogv", "video/ogg"},
    {"mov", "video/quicktime"},

    /* models */
    {"glb", "model/gltf-binary"},
    {"gltf", "model/gltf+json"},
};

const char *media_type(const char *name)
{
    const char *base = strrchr(name, '/');
    const char *dot = strrchr(base ? base : name, '.');

    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(dot + 1, types[i].ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}
