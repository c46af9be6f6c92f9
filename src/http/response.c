/* response: see response.h. */
#include "http/response.h"

#include "http/http_date.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINES_SIZE = 128 };

/* RFC 9110, 15; RFC 6585, 5. */
static const struct {
    int status;
    const char *phrase;
} phrases[] = {
    {200, "OK"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

static const char *phrase(int status)
{
    size_t i = 0;

    while (phrases[i].status != status) {
        i++;
        assert(i < sizeof phrases / sizeof *phrases);
    }
    return phrases[i].phrase;
}

void response_init(struct response *r, struct stream *stream,
                   const struct request *request)
{
    r->stream = stream;
    r->request = request;
    r->json_errors = r->close = false;
    r->status = 0;
    r->fields_len =
        0; /* the fields' pages cost no memory until they are used */
}

static void add(struct response *r, const char *text)
{
    size_t len = strlen(text);

    assert(r->fields_len + len < sizeof r->fields);
    memcpy(r->fields + r->fields_len, text, len);
    r->fields_len += len;
}

void response_field(struct response *r, const char *name, const char *format,
                    ...)
{
    const size_t room = sizeof r->fields;
    va_list values;

    add(r, name);
    add(r, ": ");
    va_start(values, format);
    r->fields_len += (size_t)vsnprintf(r->fields + r->fields_len,
                                       room - r->fields_len, format, values);
    va_end(values);
    add(r, "\r\n");
}

/* "close", or what tells an HTTP/1.0 client that it may go on. */
static void connection_field(struct response *r, int64_t length)
{
    if (length == RESPONSE_NO_LENGTH)
        r->close = true;
    if (r->close)
        response_field(r, "Connection", "close");
    else if (r->request->minor == 0)
        response_field(r, "Connection", "keep-alive");
}

/* The status line and the first field. */
static size_t print_lines(int status, char lines[LINES_SIZE])
{
    char date[HTTP_DATE_SIZE];
    int len;

    http_date_print(time(NULL), date);
    len = snprintf(lines, LINES_SIZE, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status,
                   phrase(status), date);
    assert(len > 0 && len < LINES_SIZE);
    return (size_t)len;
}

void response_start(struct response *r, int status, const char *type,
                    int64_t length, struct slice body)
{
    char lines[LINES_SIZE];
    struct iovec parts[3];

    assert(r->status == 0);
    r->status = status;
    if (type) {
        add(r, "Content-Type: ");
        add(r, type);
        add(r, "\r\nX-Content-Type-Options: nosniff\r\n");
    }
    /* A 204 has none (RFC 9110, 8.6); a 304 would have the 200's. */
    if (length != RESPONSE_NO_LENGTH && status != 204 && status != 304)
        response_field(r, "Content-Length", "%" PRId64, length);
    connection_field(r, length);

    add(r, "\r\n");
    parts[0] = (struct iovec){lines, print_lines(status, lines)};
    parts[1] = (struct iovec){r->fields, r->fields_len};
    parts[2] = stream_part(body);
    if (r->request->method == METHOD_HEAD)
        parts[2].iov_len = 0;
    if (stream_write(r->stream, parts, 3) < 0)
        r->close = true;
}

void response_send(struct response *r, int status, const char *type,
                   struct slice body)
{
    response_start(r, status, type, (int64_t)body.len, body);
}

void response_send_empty(struct response *r, int status)
{
    response_send(r, status, NULL, slice_of(NULL));
}

static size_t print_json_error(char *out, size_t size, const char *reason)
{
    json_t *error = json_pack("{s:s}", "error", reason);
    size_t len;

    len = json_dumpb(error, out, size, JSON_COMPACT);
    json_decref(error);
    assert(0 < len && len <= size);
    return len;
}

void response_error(struct response *r, int status, const char *reason)
{
    char text[1024];
    size_t len;

    if (!reason)
        reason = phrase(status);
    if (r->json_errors) {
        len = print_json_error(text, sizeof text, reason);
        response_send(r, status, "application/json", (struct slice){text, len});
        return;
    }
    len = (size_t)snprintf(text, sizeof text, "%s\n", reason);
    response_send(r, status, "text/plain; charset=utf-8",
                  (struct slice){text, len});
}
