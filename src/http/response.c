/* response: see response.h. */
#include "http/response.h"

#include "base/decimal.h"

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
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

/* A scripted stream may answer with a status that is not in the table. */
static const char *phrase(int status)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "Error";
}

void response_init(struct response *r, struct stream *stream,
                   const struct request *request)
{
    r->stream = stream;
    r->request = request;
    r->json_errors = r->close = false;
    r->status = 0;
    /* Not the fields themselves: untouched pages cost no memory. */
    r->fields_len = 0;
}

static void add(struct response *r, const char *text)
{
    size_t len = strlen(text);

    assert(r->fields_len + len < sizeof r->fields);
    memcpy(r->fields + r->fields_len, text, len);
    r->fields_len += len;
}

void response_text(struct response *r, const char *name, const char *text)
{
    add(r, name);
    add(r, ": ");
    add(r, text);
    add(r, "\r\n");
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

/* "close", or until when the client may send another request. A 1.0 client
 * needs to hear that it may; Connection names Keep-Alive (RFC 9110, 7.6.1). The
 * last chunk ends a stream, and the connection right behind it, without this
 * word: if it is said, Node's fetch takes a broken line for the end. */
static void connection_field(struct response *r)
{
    if (r->stream->chunked && r->request->method != METHOD_HEAD)
        return;
    static_assert(LIMIT_IDLE_MS == 15 * 1000, "Keep-Alive says so");
    response_text(r, "Connection",
                  r->close ? "close" : "keep-alive\r\nKeep-Alive: timeout=15");
}

/* The status line and the first field. */
static size_t print_lines(struct response *r, char lines[LINES_SIZE])
{
    char *end = decimal_put(stpcpy(lines, "HTTP/1.1 "), (uint64_t)r->status);

    end = stpcpy(stpcpy(stpcpy(end, " "), phrase(r->status)), "\r\nDate: ");
    end = stpcpy(stpcpy(end, http_date_now(&r->date)), "\r\n");
    assert(end < lines + LINES_SIZE);
    return (size_t)(end - lines);
}

/* How the peer will know where the body ends (RFC 9112, 6.3). */
static void add_framing(struct response *r, int64_t length)
{
    char number[DECIMAL_SIZE];

    r->stream->chunked = length == RESPONSE_NO_LENGTH && r->request->minor > 0;
    if (r->stream->chunked)
        response_text(r, "Transfer-Encoding", "chunked");
    if (length == RESPONSE_NO_LENGTH) {
        r->close = true;
    } else if (r->status != 204 && r->status != 304) {
        /* A 204 has no length (RFC 9110, 8.6); a 304 would have the 200's. */
        decimal_put(number, (uint64_t)length);
        response_text(r, "Content-Length", number);
    }
}

static int write_start(struct response *r, struct slice body)
{
    char lines[LINES_SIZE], size[STREAM_CHUNK_SIZE];
    struct iovec parts[2 + STREAM_CHUNK_PARTS];
    int n = 0;

    parts[n++] = (struct iovec){lines, print_lines(r, lines)};
    parts[n++] = (struct iovec){r->fields, r->fields_len};
    if (r->request->method != METHOD_HEAD && body.len > 0)
        n += stream_chunk(r->stream, body, parts + n, size);
    return stream_write(r->stream, parts, n);
}

void response_start(struct response *r, int status, const char *type,
                    int64_t length, struct slice body)
{
    assert(r->status == 0);
    r->status = status;
    if (type) {
        add(r, "Content-Type: ");
        add(r, type);
        add(r, "\r\nX-Content-Type-Options: nosniff\r\n");
    }
    add_framing(r, length);
    connection_field(r);
    add(r, "\r\n");
    if (write_start(r, body) < 0)
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

/* Ours are: without escapes a reason is the same in JSON. */
static bool is_plain(const char *reason)
{
    for (; *reason; reason++)
        if (*reason < ' ' || *reason > '~' || *reason == '"' || *reason == '\\')
            return false;
    return true;
}

/* The reason counts most where something fails, so it is told without memory,
 * too. */
static size_t print_json_error(char *out, size_t size, const char *reason)
{
    json_t *error = json_pack("{s:s}", "error", reason);
    size_t len;

    len = json_dumpb(error, out, size, JSON_COMPACT);
    json_decref(error);
    assert(len <= size);
    if (len > 0)
        return len;
    return (size_t)snprintf(out, size, "{\"error\":\"%s\"}",
                            is_plain(reason) ? reason : "out of memory");
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
