/* request: see request.h. */
#include "http/request.h"

#include "http/target.h"

static int refuse_request(struct request *r, int status, const char *reason)
{
    r->reason = reason;
    return status;
}

/* Exactly one Host in HTTP/1.1, at most one in 1.0 (RFC 9112, 3.2). */
static int settle_host(struct request *r)
{
    struct slice host = {NULL, 0};

    for (size_t i = 0; i < r->field_count; i++) {
        if (!slice_is_nocase(r->fields[i].name, "Host"))
            continue;
        if (host.at)
            return refuse_request(r, 400, "more than one Host");
        host = r->fields[i].value;
    }
    if (!host.at)
        return r->minor > 0 ? refuse_request(r, 400, "no Host") : 200;
    if (!target_valid_authority(host))
        return refuse_request(r, 400, "an invalid Host");
    if (!r->authority.at)
        r->authority = host; /* an absolute target wins over Host */
    return 200;
}

/* Two servers could take two different ones for the page's. */
static int settle_origin(struct request *r)
{
    size_t count = 0;

    for (size_t i = 0; i < r->field_count; i++)
        count += slice_is_nocase(r->fields[i].name, "Origin");
    return count > 1 ? refuse_request(r, 400, "more than one Origin") : 200;
}

/* Digits only, not overflowing; repeated only with the same value (RFC 9112,
 * 6.3). */
static int settle_length(struct request *r, struct slice value)
{
    uint64_t length;

    if (!slice_number(value, UINT64_MAX, &length))
        return refuse_request(r, 400, "Content-Length is not a number");
    if (r->has_length && r->content_length != length)
        return refuse_request(r, 400, "two different Content-Lengths");
    r->has_length = true;
    r->content_length = length;
    return 200;
}

/*
 * The body's end is known only if chunked is the last coding, once; other
 * codings before it we do not understand (RFC 9112, 6.1 and 6.3).
 */
static int settle_coding(struct request *r, struct slice value, bool *other)
{
    if (r->minor == 0)
        return refuse_request(r, 400, "Transfer-Encoding in HTTP/1.0");
    while (value.at) {
        struct slice coding = slice_trim(slice_cut(&value, ','));

        if (coding.len == 0)
            continue;
        if (r->chunked)
            return refuse_request(r, 400, "chunked must be the last coding");
        if (slice_is_nocase(coding, "chunked"))
            r->chunked = true;
        else
            *other = true;
    }
    return 200;
}

static int settle_body(struct request *r)
{
    bool coded = false, other = false;
    int status = 200;

    for (size_t i = 0; i < r->field_count && status == 200; i++) {
        if (slice_is_nocase(r->fields[i].name, "Content-Length")) {
            status = settle_length(r, r->fields[i].value);
        } else if (slice_is_nocase(r->fields[i].name, "Transfer-Encoding")) {
            status = settle_coding(r, r->fields[i].value, &other);
            coded = true;
        }
    }
    if (status != 200)
        return status;
    if (coded && r->has_length)
        return refuse_request(r, 400,
                              "Content-Length beside Transfer-Encoding");
    if (coded && !r->chunked)
        return refuse_request(r, 400, "chunked must be the last coding");
    if (other)
        return refuse_request(r, 501,
                              "no transfer coding but chunked is served");
    return 200;
}

/* Persistent unless either side says close (RFC 9112, 9.3). */
static void settle_connection(struct request *r)
{
    bool close = false, keep = false;

    for (size_t i = 0; i < r->field_count; i++) {
        struct slice value = r->fields[i].value;

        if (!slice_is_nocase(r->fields[i].name, "Connection"))
            continue;
        while (value.at) {
            struct slice option = slice_trim(slice_cut(&value, ','));

            close |= slice_is_nocase(option, "close");
            keep |= slice_is_nocase(option, "keep-alive");
        }
    }
    r->keep_alive = !close && (r->minor > 0 || keep);
}

/* RFC 9110, 10.1.1; an HTTP/1.0 client's expectation is ignored. */
static int settle_expectation(struct request *r)
{
    for (size_t i = 0; i < r->field_count && r->minor > 0; i++) {
        if (!slice_is_nocase(r->fields[i].name, "Expect"))
            continue;
        if (!slice_is_nocase(r->fields[i].value, "100-continue"))
            return refuse_request(r, 417,
                                  "no expectation but 100-continue is served");
        r->expect_continue = true;
    }
    return 200;
}

static int settle(struct request *r)
{
    int status = settle_host(r);

    if (status == 200)
        status = settle_origin(r);
    if (status == 200)
        status = settle_body(r);
    if (status == 200)
        status = settle_expectation(r);
    settle_connection(r);
    return status;
}

int request_more(const char *buffer, size_t len, struct request *r)
{
    int status = head_more(buffer, len, r);

    return status == 200 ? settle(r) : status;
}

struct slice request_line(const struct request *r)
{
    const char *end = r->target.at + r->target.len + sizeof " HTTP/1.1" - 1;

    if (r->reason || r->head_len == 0)
        return slice_of(NULL);
    return (struct slice){r->method_name.at, (size_t)(end - r->method_name.at)};
}

struct slice request_field(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (slice_is_nocase(r->fields[i].name, name))
            return r->fields[i].value;
    return (struct slice){NULL, 0};
}

bool request_has_body(const struct request *r)
{
    return r->chunked || r->content_length > 0;
}

/* "identity" is no coding, but some clients send it. */
bool request_body_is_encoded(const struct request *r)
{
    bool encoded = false;

    for (size_t i = 0; i < r->field_count; i++) {
        struct slice value = r->fields[i].value;

        if (!slice_is_nocase(r->fields[i].name, "Content-Encoding"))
            continue;
        while (value.at) {
            struct slice coding = slice_trim(slice_cut(&value, ','));

            encoded |= coding.len > 0 && !slice_is_nocase(coding, "identity");
        }
    }
    return encoded && request_has_body(r);
}
