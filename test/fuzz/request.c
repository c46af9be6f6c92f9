/* request: an input is a request's head and what follows it. */
#include "http/request.h"

#include "fuzz.h"
#include "head.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_status(int status)
{
    switch (status) {
    case 0:
    case 200:
    case 400:
    case 414:
    case 417:
    case 431:
    case 501:
    case 505:
        return true;
    default:
        return false;
    }
}

/* As the server does, when all bytes come at once. */
static int parse_at_once(const char *bytes, size_t len, struct request *r)
{
    head_begin(r);
    return request_more(bytes, len, r);
}

/* Parses a copy that ends with the last byte, for its status alone. */
static int parse(struct slice bytes)
{
    char *copy = fuzz_copy(bytes);
    struct request r;
    int status = parse_at_once(copy, bytes.len, &r);

    assert(is_status(status));
    assert(!r.reason == (status == 0 || status == 200));
    free(copy);
    return status;
}

static void check_same(const struct request *a, const struct request *b)
{
    assert(a->method == b->method && a->minor == b->minor);
    assert(fuzz_same(a->method_name, b->method_name));
    assert(fuzz_same(a->target, b->target));
    assert(fuzz_same(a->path, b->path) && fuzz_same(a->query, b->query));
    assert(fuzz_same(a->authority, b->authority));
    assert(a->keep_alive == b->keep_alive);
    assert(a->expect_continue == b->expect_continue);
    assert(a->chunked == b->chunked && a->has_length == b->has_length);
    assert(a->content_length == b->content_length);
    assert(a->field_count == b->field_count);
    for (size_t i = 0; i < a->field_count; i++) {
        assert(fuzz_same(a->fields[i].name, b->fields[i].name));
        assert(fuzz_same(a->fields[i].value, b->fields[i].value));
    }
}

/* A beginning asks for more, or is refused as the whole is: nobody's answer
 * depends on how the network cuts his bytes. */
static void check_beginnings(struct slice bytes, size_t end, int status)
{
    /* Some of them: other inputs, which are much the same, try others. */
    size_t step = 1 + end / 32;

    for (size_t len = fuzz_choice(bytes, step); len < end; len += step) {
        int answer = parse((struct slice){bytes.at, len});

        assert(answer == 0 || (answer == status && status != 200));
    }
}

/* The same in pieces, at the same place. */
static void check_pieces(struct slice bytes, int status,
                         const struct request *wanted)
{
    size_t step = 1 + fuzz_choice(bytes, 1 + bytes.len / 4), len = 0;
    struct request r;
    int answer;

    head_begin(&r);
    do {
        len = len + step < bytes.len ? len + step : bytes.len;
        answer = request_more(bytes.at, len, &r);
    } while (answer == 0 && len < bytes.len);
    assert(answer == status);
    if (status == 200)
        check_same(wanted, &r);
}

static void check_continued(struct slice bytes, int status,
                            const struct request *wanted)
{
    static const char *const more[] = {"G", "\r\n", " x\r\n\r\n", "\n\x7f: \r"};
    const char *tail = more[fuzz_choice(bytes, 4)];
    size_t len = bytes.len + strlen(tail);
    char *longer = malloc(len);
    struct request r;

    memcpy(longer, bytes.at, bytes.len);
    memcpy(longer + bytes.len, tail, strlen(tail));
    assert(parse_at_once(longer, len, &r) == status);
    if (status == 200)
        check_same(wanted, &r);
    free(longer);
}

static bool is_inside(struct slice all, struct slice part)
{
    return part.at >= all.at && part.at + part.len <= all.at + all.len;
}

static void check_slices(struct slice head, const struct request *r)
{
    assert(is_inside(head, r->method_name) && is_inside(head, r->target));
    assert(!r->authority.at || is_inside(head, r->authority));
    assert(!r->query.at || is_inside(r->target, r->query));
    for (size_t i = 0; i < r->field_count; i++) {
        assert(is_inside(head, r->fields[i].name));
        assert(is_inside(head, r->fields[i].value));
    }
}

/* The parts of the target, put together again, are the target. */
static void check_target(const struct request *r)
{
    const size_t scheme = strlen("http://");
    struct slice rest = r->target;

    if (rest.at[0] == '/' || slice_is(rest, "*")) {
        assert(fuzz_same(r->authority, request_field(r, "Host")));
    } else {
        assert(r->authority.at == rest.at + scheme && r->authority.len > 0);
        rest.at += scheme + r->authority.len;
        rest.len -= scheme + r->authority.len;
    }
    if (is_inside(rest, r->path) && r->path.len > 0) {
        assert(r->path.at == rest.at);
        assert(r->path.at[0] == '/' || slice_is(r->path, "*"));
        rest.at += r->path.len;
        rest.len -= r->path.len;
    } else {
        assert(slice_is(r->path, "/")); /* of "http://a" */
    }
    assert(!memchr(r->path.at, '?', r->path.len));
    assert(r->query.at ? rest.at[0] == '?' && r->query.at == rest.at + 1 &&
                             r->query.len == rest.len - 1
                       : rest.len == 0);
}

#define SHOW(slice) (int)(slice).len, (slice).at

/* Printing what was understood says the same again. */
static void check_printed(const struct request *r)
{
    struct slice head;
    struct request again;
    char *bytes;
    FILE *f = open_memstream(&bytes, &head.len);

    fprintf(f, "%.*s %.*s HTTP/1.%d\r\n", SHOW(r->method_name), SHOW(r->target),
            r->minor);
    for (size_t i = 0; i < r->field_count; i++)
        fprintf(f, "%.*s: %.*s\r\n", SHOW(r->fields[i].name),
                SHOW(r->fields[i].value));
    fputs("\r\n", f);
    fclose(f);
    head.at = bytes;
    /* Its spaces may be more than were sent. */
    if (head.len <= LIMIT_HEAD) {
        assert(parse_at_once(head.at, head.len, &again) == 200);
        assert(again.head_len == head.len);
        check_same(r, &again);
    }
    free(bytes);
}

static void check_method(const struct request *r)
{
    static const struct {
        const char *name;
        enum method method;
    } methods[] = {{"GET", METHOD_GET},
                   {"HEAD", METHOD_HEAD},
                   {"POST", METHOD_POST},
                   {"OPTIONS", METHOD_OPTIONS}};

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        assert((r->method == methods[i].method) ==
               slice_is(r->method_name, methods[i].name));
}

static void check_second_opinion(const struct request *r, const struct head *h)
{
    char length[HEAD_NUMBER] = "";

    if (r->has_length)
        snprintf(length, sizeof length, "%" PRIu64, r->content_length);
    assert(strcmp(length, h->length) == 0);
    assert(r->has_length || r->content_length == 0);
    assert(r->chunked == h->chunked && !(r->chunked && r->has_length));
    assert(request_has_body(r) == (h->chunked || strcmp(length, "0") > 0));
    assert(r->head_len == h->len && r->field_count == h->field_count);
    assert(r->keep_alive == h->keep_alive);
    assert(r->expect_continue == h->expect_continue);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice input = {(const char *)bytes, len};
    struct request r;
    struct head h;
    int status = parse_at_once(input.at, len, &r);

    head_read(input, &h);
    assert(is_status(status));
    assert((status == 200) == h.good && (status != 0 || !h.complete));
    check_beginnings(input, status == 200 ? r.head_len : len, status);
    check_pieces(input, status, &r);
    if (status != 0)
        check_continued(input, status, &r);
    if (status == 200) {
        struct slice head = {input.at, r.head_len};

        assert(parse(head) == 200);
        check_slices(head, &r);
        check_target(&r);
        check_method(&r);
        check_second_opinion(&r, &h);
        check_printed(&r);
    }
    return 0;
}
