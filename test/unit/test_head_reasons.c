/* head: what a refusal says to people. */
#include "unit.h"

#include "http/request.h"

#include <stdlib.h>
#include <string.h>

#define CR_LF "lines must end with CR LF"
#define HTTPS "this looks like https: use http://"
#define LINE  "GET / HTTP/1.1\r\n"

static const struct {
    const char *bytes;
    size_t len;
    const char *reason;
} refusals[] = {
    {BYTES("GET / HTTP/1.1\n"), CR_LF},
    {BYTES("GET / HTTP/1.1\nHost: a\n\n"), CR_LF},
    {BYTES("GET /\n"), CR_LF},
    {BYTES("GET\n"), CR_LF},
    {BYTES("GET / HTTP\n"), CR_LF},
    {BYTES("GET / HTTP/\n"), CR_LF},
    {BYTES("\nGET / HTTP/1.1\r\n"), CR_LF},
    {BYTES(LINE "Host: a\n"), CR_LF},
    {BYTES(LINE "Host\n"), CR_LF},
    {BYTES(LINE "Host: a\r\n\n"), CR_LF},
    {BYTES(LINE "Host: a\r\r\n"), "a field value has a forbidden byte"},
    {BYTES("GET /\r HTTP/1.1\r\n"),
     "the request target has a forbidden byte: percent-encode it"},
    {BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), HTTPS},
    {BYTES("\x16\x03"), HTTPS},
    {BYTES("\x16"), HTTPS},
    {BYTES("\x17\x03"), "the request line must begin with a method"},
    {BYTES("G\x16\x03"), "a single space must follow the method"},
};

Test(head_reasons, of_what_people_do)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        char *copy = copy_exactly(refusals[i].bytes, refusals[i].len);
        struct request r;

        cr_assert_eq(parse_at_once(copy, refusals[i].len, &r), 400, "%zu", i);
        cr_assert(r.reason != NULL, "%zu", i);
        cr_expect_str_eq(r.reason, refusals[i].reason, "%zu: %s", i, r.reason);
        free(copy);
    }
}
