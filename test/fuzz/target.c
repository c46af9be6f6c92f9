/* target: an input is a path, a query, and bytes to be encoded as one. */
#include "http/target.h"

#include "fuzz.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Decodes by strtol; the length, or -1 if that cannot be a string. */
static long reference(struct slice s, bool plus_is_space, char *out)
{
    long len = 0;

    for (size_t i = 0; i < s.len; i++) {
        out[len] = s.at[i];
        if (s.at[i] == '%') {
            char digits[3] = {0};

            for (size_t k = 0; k < 2; k++)
                if (++i < s.len && isxdigit((unsigned char)s.at[i]))
                    digits[k] = s.at[i];
            if (!digits[0] || !digits[1] || !strcmp(digits, "00"))
                return -1;
            out[len] = (char)strtol(digits, NULL, 16);
        } else if (s.at[i] == '+' && plus_is_space) {
            out[len] = ' ';
        }
        len++;
    }
    out[len] = '\0';
    return len;
}

/* The answer for this path and just so much room must be `wanted` (its len
 * negative: none). */
static void check_room(struct slice path, size_t room, const char *wanted,
                       long len)
{
    char *out = malloc(room);
    bool decoded = target_decode_path(path, out, room);

    assert(decoded == (len >= 0 && (size_t)len < room));
    assert(!decoded || memcmp(out, wanted, (size_t)len + 1) == 0);
    free(out);
}

static void check_path(struct slice path)
{
    char *wanted = malloc(path.len + 1);
    long len = reference(path, false, wanted);

    assert(len <= (long)path.len);
    check_room(path, path.len + 1, wanted, len);
    check_room(path, 1 + fuzz_choice(path, path.len + 1), wanted, len);
    if (len > 0)
        check_room(path, (size_t)len, wanted, len);
    free(wanted);
}

/* What needs no escape may have one, or not; hexadecimal has two cases. */
static void check_encoded(struct slice bytes)
{
    char *encoded = malloc(3 * bytes.len + 1), *out = malloc(bytes.len + 1);
    bool valid = bytes.len == 0 || !memchr(bytes.at, '\0', bytes.len);
    size_t style = fuzz_choice(bytes, 3), len = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        const char *format = style == 0 ? "%%%02x" : "%%%02X";

        if (style == 2 && c && c != '%')
            format = "%c";
        len += (size_t)snprintf(encoded + len, 4, format, c);
    }
    assert(target_decode_path((struct slice){encoded, len}, out,
                              bytes.len + 1) == valid);
    if (valid)
        assert(strlen(out) == bytes.len &&
               (bytes.len == 0 || !memcmp(out, bytes.at, bytes.len)));
    free(encoded);
    free(out);
}

/* The first "name" or "name=…" between ampersands; its value in out. */
static bool reference_query(struct slice query, const char *name, char *out,
                            size_t size)
{
    const char *at = query.at, *end = query.at + query.len;
    size_t n = strlen(name);

    for (;;) {
        const char *stop = at;
        struct slice value = {NULL, 0};
        char *decoded;

        while (stop < end && *stop != '&')
            stop++;
        if ((size_t)(stop - at) >= n && !memcmp(at, name, n) &&
            (at + n == stop || at[n] == '=')) {
            if (at + n < stop)
                value = (struct slice){at + n + 1, (size_t)(stop - at) - n - 1};
            decoded = malloc(value.len + 1);
            if (reference(value, true, decoded) < 0 || strlen(decoded) >= size)
                snprintf(out, size, "?");
            else
                snprintf(out, size, "%s", decoded);
            free(decoded);
            return true;
        }
        if (stop == end)
            return false;
        at = stop + 1;
    }
}

static void check_query(struct slice query, const char *name, size_t size)
{
    char *out = malloc(size), *wanted = malloc(size);
    bool found = target_query(query, name, out, size);

    assert(found == reference_query(query, name, wanted, size));
    assert(!found || strcmp(out, wanted) == 0);
    free(out);
    free(wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice input = {(const char *)bytes, len};

    check_encoded(input);
    if (len > 0 && memchr(bytes, '\0', len))
        return 0; /* request_more lets none through */
    check_path(input);
    check_query(input, "limit", 16);
    check_query(input, "lastEventId", 66);
    check_query(input, "a", 2 + fuzz_choice(input, 8));
    return 0;
}
