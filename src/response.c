/* response: see response.h. */
#include "response.h"

#include "http_date.h"

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
    {304, "Not Modified"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
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

static void add(struct exchange *x, const char *text)
{
    size_t len = strlen(text);

    assert(x->fields_len + len < sizeof x->fields);
    memcpy(x->fields + x->fields_len, text, len);
    x->fields_len += len;
}

void response_field(struct exchange *x, const char *name, const char *format,
                    ...)
{
    const size_t room = sizeof x->fields;
    va_list values;

    add(x, name);
    add(x, ": ");
    va_start(values, format);
    x->fields_len += (size_t)vsnprintf(x->fields + x->fields_len,
                                       room - x->fields_len, format, values);
    va_end(values);
    add(x, "\r\n");
}

/* "close", or what tells an HTTP/1.0 client that it may go on. */
static void connection_field(struct exchange *x, int64_t length)
{
    if (length == RESPONSE_NO_LENGTH || clients_dismissed(x->context->clients))
        x->close = true;
    if (x->close)
        response_field(x, "Connection", "close");
    else if (x->request.minor == 0)
        response_field(x, "Connection", "keep-alive");
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

void response_start(struct exchange *x, int status, const char *type,
                    int64_t length, struct slice body)
{
    char lines[LINES_SIZE];
    struct iovec parts[3];

    assert(x->status == 0);
    x->status = status;
    if (type) {
        add(x, "Content-Type: ");
        add(x, type);
        add(x, "\r\nX-Content-Type-Options: nosniff\r\n");
    }
    /* A 204 has none (RFC 9110, 8.6); a 304 would have the 200's. */
    if (length != RESPONSE_NO_LENGTH && status != 204 && status != 304)
        response_field(x, "Content-Length", "%" PRId64, length);
    connection_field(x, length);

    add(x, "\r\n");
    parts[0] = (struct iovec){lines, print_lines(status, lines)};
    parts[1] = (struct iovec){x->fields, x->fields_len};
    parts[2] = (struct iovec){(char *)(uintptr_t)body.at, body.len};
    if (x->request.method == METHOD_HEAD)
        parts[2].iov_len = 0;
    if (stream_write(x->stream, parts, 3) < 0)
        x->close = true;
    atomic_fetch_add_explicit(&x->context->answers[status / 100], 1,
                              memory_order_relaxed);
}

void response_send(struct exchange *x, int status, const char *type,
                   struct slice body)
{
    response_start(x, status, type, (int64_t)body.len, body);
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

/* What programs call; people open the rest in a browser. */
static bool speaks_json(const char *path)
{
    return strcmp(path, "/update") == 0 || strcmp(path, "/poll") == 0 ||
           strcmp(path, "/longpoll") == 0;
}

void response_error(struct exchange *x, int status, const char *reason)
{
    char text[1024];
    size_t len;

    if (!reason)
        reason = phrase(status);
    if (speaks_json(x->path)) {
        len = print_json_error(text, sizeof text, reason);
        response_send(x, status, "application/json", (struct slice){text, len});
        return;
    }
    len = (size_t)snprintf(text, sizeof text, "%s\n", reason);
    response_send(x, status, "text/plain; charset=utf-8",
                  (struct slice){text, len});
}
