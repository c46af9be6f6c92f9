/*
 * What the black-box tests stand on: the real server as a child process, and
 * a small blocking client that knows just enough HTTP and SSE to read what
 * comes back, strictly.
 *
 * Every wait is bounded by HARNESS_PATIENCE. Whatever goes wrong in here ends
 * the test with a message and the name of the server's log; so no function
 * returns an error that a test would have to look at. The client's functions
 * may be called from any thread of a test, one thread for each client;
 * server_start only from the main one. cr_assert itself belongs to the main
 * thread: other threads call fail.
 */
#ifndef CRIER_TEST_HARNESS_H
#define CRIER_TEST_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <criterion/criterion.h>

/* Seconds: far beyond what a sanitizer's build needs on a busy machine, so
 * never a verdict. For one wait, and for a whole test. */
#define HARNESS_PATIENCE 100
#define TEST_SECONDS     900

/* The same, for what a server may never do that lacks memory: test/faults sets
 * the variable HARNESS_PATIENCE to less. */
int harness_patience(void);

/* Prints the message and where the server's log is, and fails the test. */
void fail(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

/* A duration's start and its length so far, in seconds, monotonic. */
double seconds_now(void);

/* Sleeps a moment: the body of a loop that waits for a state. Fails the test,
 * naming what it waits for, once HARNESS_PATIENCE has passed since start. */
void wait_a_moment(double start, const char *awaited);

/* ---- the server ------------------------------------------------------- */

struct server {
    pid_t pid;
    int port;
    int log; /* what the server writes to stderr: a file in $TEST_LOGS */
};

/*
 * Starts $CRIER (default build/crier) with `--port 0` and the options, which
 * are separated by blanks ("" for none), and waits until it serves. It dies
 * with the test's process.
 */
struct server server_start(const char *options);

/* The same without root's rights: as nobody where the tests run as root, so
 * that file permissions count. It may not be able to enter the project, so
 * the options must name a public directory that everybody may. */
struct server server_start_unprivileged(const char *options);

/* Sets the soft limit of a resource (RLIMIT_…) of a server that was started
 * unprivileged; at most to what it was. */
void server_limit(const struct server *server, unsigned resource, size_t soft);

/* SIGTERM, then server_wait. */
void server_stop(struct server *server);

/* Waits for the end of a server that was told to end, and fails the test
 * unless its exit status is 0 (a sanitizer's report makes it another). */
void server_wait(struct server *server);

/* Kills a server and waits for its end, for tests where it shall not notice.
 */
void server_kill(struct server *server);

/* All that the server has logged so far; free it. */
char *server_log(const struct server *server);

/* Waits for a line of the log that holds all the words (separated by '|', in
 * this order), and returns it without the newline; free it. */
char *server_log_line(const struct server *server, const char *words);

/* A run that ends by itself, with nothing added to the options. */
struct run {
    int status; /* exit status, or -1 if a signal ended it */
    char *out;
    char *err;
};

/* Runs $CRIER until it ends; free out and err. Fails if it does not end. */
struct run run_to_end(const char *options);

/* ---- the client ------------------------------------------------------- */

/* A response. All text belongs to the client and holds until its next read. */
struct response {
    int status;
    const char *status_line;
    const char *fields; /* the field lines, each ended by a NUL, then a NUL */
    const char *body;   /* NUL-terminated behind body_size bytes */
    size_t body_size;
};

/* The value of a field (any case), or NULL. Fails if there are two. */
const char *response_field(const struct response *response, const char *name);

/* One event, or a block of comments or of `retry:` alone. The text belongs to
 * the client and holds until its next read. */
struct event {
    long retry;       /* -1: none */
    const char *id;   /* NULL: none, as below */
    const char *name; /* `event:` */
    const char *data;
    bool comment;
    const char *raw; /* NUL-terminated behind raw_size bytes */
    size_t raw_size;
};

struct client {
    int fd;
    char *in; /* bytes received: start..end not yet handed out */
    size_t start, end, capacity;
    char *head, *body, *raw, *text; /* what response and event point into */
    bool chunked;        /* the response that is being read is in chunks … */
    bool complete;       /* … and the last one has come */
    size_t chunk_left;   /* bytes of a chunk, and its CR LF, still to come */
    char chunk_line[24]; /* what has come of a chunk's size */
    long start_retry;    /* of the event that began the stream */
    char start_id[64];
    bool ended;     /* the server has ended the connection … */
    bool was_reset; /* … by RST instead of FIN */
};

struct client *client_connect(const struct server *server);

/* The same with a small receive buffer and small segments, with which the
 * buffer of the server's socket grows: both together hold less than 60 kB. */
struct client *client_connect_small(const struct server *server);

/* The same by this machine's first address that is not loopback, as another
 * machine would. The server listens at all addresses. If there is no such
 * address, stops the server and skips the test. */
struct client *client_connect_from_outside(struct server *server);

/* Sends all of it. If the server hangs up meanwhile that is no failure: what
 * it answered is still to be read. */
void client_send(struct client *client, const char *text);
void client_send_bytes(struct client *client, const void *bytes, size_t size);
void client_sendf(struct client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Reads one response, and checks its form: CRLF, status line, fields. The
 * body is Content-Length bytes, else what comes until EOF, without the chunks'
 * framing, which is checked; none for 1xx, 204 and 304. */
struct response client_read(struct client *client);

/* The same for what answers HEAD, or is followed by a stream: no body. */
struct response client_read_head(struct client *client);

/* Waits for exactly size bytes; they hold until the next read. */
const char *client_read_bytes(struct client *client, size_t size);

/* Waits for the mark: how many unread bytes up to its end; 0 if the connection
 * ended before it. */
size_t client_find(struct client *client, const char *mark);

/* Moves the next size bytes, which must be there, into *copy, which grows. */
char *client_take(struct client *client, char **copy, size_t size);

/* Waits until the server ends the connection: true if no byte came before. */
bool client_closed(struct client *client);

/* Whether bytes, or the end, have come that were not read yet; no waiting. */
bool client_has_input(struct client *client);

/* FIN, as `nc -N` does: the client has finished sending, but still reads. */
void client_shut_write(struct client *client);

void client_close(struct client *client);

/* Closes with RST. */
void client_reset(struct client *client);

/* ---- chat ------------------------------------------------------------- */

/* Connects, sends GET /subscribe with the query ("" or "?limit=1") and the
 * field lines ("" or "Last-Event-ID: 1\r\n"), reads the headers and what a
 * stream begins with. */
struct client *subscribe(const struct server *server, const char *query,
                         const char *fields);

/* The same with `Last-Event-ID: id`. */
struct client *subscribe_after(const struct server *server, const char *id,
                               const char *query);

/* Reads what a stream begins with: a blank line, and an event that sets the
 * reconnection time and the last id, into start_retry and start_id. */
void read_start(struct client *client);

/* The next block, whatever it is: false if the stream ended; then raw is what
 * came behind the last whole block. */
bool next_block(struct client *client, struct event *event);

/* The same, but heartbeats are passed over: on a slow machine there may be one
 * before anything that comes. */
bool next_event(struct client *client, struct event *event);

/* The next event must be a message: fails at EOF, and for anything else. */
struct event next_message(struct client *client);

/* POST /update on a connection of its own; free the body. */
struct reply {
    int status;
    char *body;
};
struct reply post(const struct server *server, const char *text);
struct reply post_body(const struct server *server, const void *body,
                       size_t size);

/* Posts and fails unless it is accepted; the timestamp in the reply. */
long long publish(const struct server *server, const char *text);

/* Publishes count messages, their texts 0, 1, 2, …, on one connection without
 * waiting in between, so that many share a millisecond. */
void publish_burst(const struct server *server, int count);

/* A number in /healthz. */
long long healthz(const struct server *server, const char *name);

/* Waits until that number is what is expected; a server that is full for the
 * moment (503) is waited for as well. */
void wait_healthz(const struct server *server, const char *name,
                  long long expected);

#endif
