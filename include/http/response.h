/*
 * response: status line, fields and body of an answer (RFC 9112, 4 and 6).
 *
 * Every function blocks while it writes. If the client has gone, r->close is
 * set, and there is nothing else to do for the caller.
 *
 * Threads: a response belongs to its connection's thread.
 */
#ifndef CRIER_RESPONSE_H
#define CRIER_RESPONSE_H

#include "http/http_date.h"
#include "http/request.h"
#include "http/stream.h"

/* A Location may be as long as a target. */
enum { RESPONSE_FIELDS = 2048 + LIMIT_TARGET, RESPONSE_NO_LENGTH = -1 };

struct response {
    struct stream *stream;
    const struct request *request;
    bool json_errors; /* errors are JSON objects, else lines of text */
    bool close;       /* the connection ends after this answer */
    int status;       /* 0 until the answer is sent */
    struct http_date date;

    /* Field lines that the answer has beyond those that every answer has. */
    size_t fields_len;
    char fields[RESPONSE_FIELDS];
};

/* Prepares a response to a request that may not have been read yet. Before the
 * first one of a connection, r->date is {0}. */
void response_init(struct response *r, struct stream *stream,
                   const struct request *request);

/* response_field for a text, which is quicker than a format. */
void response_text(struct response *r, const char *name, const char *text);

/* Adds a field to the answer that is about to be sent. All of an answer's
 * fields together must be below RESPONSE_FIELDS bytes. */
void response_field(struct response *r, const char *name, const char *format,
                    ...) __attribute__((format(printf, 3, 4)));

/*
 * Sends the head and the beginning of the body, which may be empty, in one
 * write. `length` is the whole body's, in bytes. RESPONSE_NO_LENGTH means that
 * more follows by stream_write_chunk, and then the connection closes. `type` is
 * NULL if there is no body. A HEAD request gets no body.
 */
void response_start(struct response *r, int status, const char *type,
                    int64_t length, struct slice body);

/* Sends a whole answer. */
void response_send(struct response *r, int status, const char *type,
                   struct slice body);

/* Sends an answer without a body. */
void response_send_empty(struct response *r, int status);

/* Sends an error: a JSON object or a line of text, as r->json_errors says.
 * `reason` NULL means the status's own phrase. */
void response_error(struct response *r, int status, const char *reason);

#endif
