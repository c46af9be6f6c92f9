/* chunked: an input is a chunked body and what follows it; and data to be sent
 * as one. */
#include "http/chunked.h"

#include "base/limit.h"
#include "fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEX   "0123456789abcdefABCDEF"
#define TOKEN HEX "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ!#$%&'*+-.^_`|~"

struct outcome {
    enum chunked_result result;
    size_t used; /* of all bytes */
    size_t len;  /* of the data */
    char *data;
};

/* Feeds one piece; true if the body goes on after it. */
static bool feed(struct chunked *c, struct slice piece, struct outcome *o)
{
    struct slice rest = piece;

    do {
        struct slice data = {NULL, 0};
        size_t used = SIZE_MAX;

        o->result = chunked_decode(c, rest, &used, &data);
        assert(used <= rest.len);
        assert(c->left <= INT64_MAX);
        rest.at += used;
        rest.len -= used;
        if (o->result == CHUNKED_DATA) {
            assert(data.len > 0 && data.len <= used);
            assert(data.at + data.len == rest.at);
            memcpy(o->data + o->len, data.at, data.len);
            o->len += data.len;
        }
    } while (o->result == CHUNKED_DATA);
    assert(o->result != CHUNKED_MORE || rest.len == 0);
    o->used += piece.len - rest.len;
    return o->result == CHUNKED_MORE;
}

/* The body's end is an end, whatever comes; so is a fault. */
static void check_ended(struct chunked *c, const struct outcome *o)
{
    struct slice data = {NULL, 0};
    size_t used = 1;

    if (o->result != CHUNKED_MORE)
        assert(chunked_decode(c, slice_of("0"), &used, &data) == o->result &&
               used == 0 && !data.at);
}

/* Feeds `first` bytes, from memory that ends with them, and then pieces of
 * `step`. The caller frees o->data. */
static void decode(struct slice body, size_t first, size_t step,
                   struct outcome *o)
{
    char *copy = fuzz_copy((struct slice){body.at, first});
    struct chunked c = {0};
    size_t at = first;
    bool more;

    *o = (struct outcome){CHUNKED_MORE, 0, 0, malloc(body.len + 1)};
    more = feed(&c, (struct slice){copy, first}, o);
    free(copy);
    while (more && at < body.len) {
        size_t len = body.len - at < step ? body.len - at : step;

        more = feed(&c, (struct slice){body.at + at, len}, o);
        at += len;
    }
    check_ended(&c, o);
}

static void check_same(struct slice body, size_t first, size_t step,
                       const struct outcome *wanted)
{
    struct outcome o;

    decode(body, first, step, &o);
    assert(o.result == wanted->result && o.used == wanted->used);
    assert(fuzz_same((struct slice){o.data, o.len},
                     (struct slice){wanted->data, wanted->len}));
    free(o.data);
}

/* A line that ends with CRLF, taken off *rest and made a string. NULL if there
 * is none, or if it or its limit does not do. */
static char *take_line(struct slice *rest, size_t limit)
{
    char *end = memmem(rest->at, rest->len, "\r\n", 2), *line;
    size_t len = end ? (size_t)(end - rest->at) : 0;

    /* The CR counts. */
    if (!end || len >= limit)
        return NULL;
    line = strndup(rest->at, len);
    rest->at += len + 2;
    rest->len -= len + 2;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)line[i];

        if ((c < ' ' && c != '\t') || c == 0x7f) {
            free(line);
            return NULL;
        }
    }
    return line;
}

/* Trailer fields and the empty line. */
static bool take_trailers(struct slice *rest)
{
    size_t left = LIMIT_TRAILERS;

    for (;;) {
        char *line = take_line(rest, left + 1);
        size_t len = line ? strlen(line) : 0, name;
        bool valid;

        if (!line || len == 0) {
            free(line);
            return line != NULL;
        }
        name = strspn(line, TOKEN);
        valid = name > 0 && line[name] == ':' && len < left;
        free(line);
        if (!valid)
            return false;
        left -= len + 1;
    }
}

/*
 * The same rules once more, line by line over the whole body, for a second
 * opinion: how many bytes a complete and valid body has, and its data. 0 if
 * there is none.
 */
static size_t reference(struct slice body, struct slice *data)
{
    char *out = malloc(body.len + 1), *line, *end;
    struct slice rest = body;
    bool valid = true;

    *data = (struct slice){out, 0};
    while (valid && (line = take_line(&rest, LIMIT_CHUNK_LINE))) {
        size_t digits = strspn(line, HEX), space;
        unsigned long long size;

        errno = 0;
        size = strtoull(line, &end, 16);
        valid = digits > 0 && end == line + digits && errno == 0 &&
                size <= INT64_MAX;
        space = strspn(end, " \t");
        valid = valid && (end[space] == ';' || !*end);
        free(line);
        if (valid && size == 0)
            return take_trailers(&rest) ? body.len - rest.len : 0;
        if (!valid || rest.len < size + 2 ||
            memcmp(rest.at + size, "\r\n", 2) != 0)
            return 0;
        memcpy(out + data->len, rest.at, size);
        data->len += size;
        rest.at += size + 2;
        rest.len -= size + 2;
    }
    return 0;
}

static void check_decode(struct slice body)
{
    struct slice data;
    size_t wanted = reference(body, &data);
    struct outcome o;

    decode(body, body.len, 1, &o);
    assert((o.result == CHUNKED_DONE) == (wanted > 0));
    if (wanted > 0) {
        assert(o.used == wanted);
        assert(fuzz_same((struct slice){o.data, o.len}, data));
    }
    check_same(body, 0, 1, &o);
    check_same(body, fuzz_choice(body, body.len + 1), SIZE_MAX, &o);
    check_same(body, 0, 2 + fuzz_choice(body, 61), &o);
    free(o.data);
    free((void *)(uintptr_t)data.at);
}

/* Sends data in chunks whose sizes and looks it chooses itself. */
static void check_encoded(struct slice data)
{
    static const char *const sizes[] = {"%zx\r\n", "%zX\r\n",
                                        "00%zx\t ; a = \"b\"\r\n"};
    static const char *const ends[] = {"0\r\n\r\n", "000;a\r\nB: c\r\n\r\n"};
    struct slice body, rest = data;
    struct outcome o;
    size_t used;
    char *bytes;
    FILE *f = open_memstream(&bytes, &body.len);

    while (rest.len > 0) {
        size_t size = 1 + fuzz_choice(rest, rest.len < 300 ? rest.len : 300);

        fprintf(f, sizes[size % 3], size);
        fwrite(rest.at, 1, size, f);
        fputs("\r\n", f);
        rest.at += size;
        rest.len -= size;
    }
    fputs(ends[fuzz_choice(data, 2)], f);
    fflush(f);
    used = body.len;
    fputs("0\r\n\r\n", f); /* what follows is not the body's */
    fclose(f);
    body.at = bytes;
    decode(body, fuzz_choice(body, body.len + 1), SIZE_MAX, &o);
    assert(o.result == CHUNKED_DONE && o.used == used);
    assert(o.len == data.len &&
           (o.len == 0 || !memcmp(o.data, data.at, o.len)));
    free(o.data);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice input = {(const char *)bytes, len};

    check_decode(input);
    check_encoded(input);
    return 0;
}
