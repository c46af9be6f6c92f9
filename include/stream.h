/*
 * stream: a blocking socket, read through a buffer and written by deadlines.
 *
 * recv(2) and sendmsg(2) really block; the kernel's own time-outs wake them:
 * SO_RCVTIMEO, and TCP_USER_TIMEOUT, which breaks a connection whose peer takes
 * nothing for LIMIT_WRITE_MS, or has vanished without a word. Deadlines are
 * milliseconds on the monotonic clock.
 *
 * A request's head stays at the front of the buffer while its body passes
 * behind it, so that slices of the head remain valid until stream_release:
 *
 *     | held head | unread bytes | room |
 *     0        held   start    end      STREAM_BUFFER
 *
 * Threads: a stream belongs to its connection's thread.
 */
#ifndef CRIER_STREAM_H
#define CRIER_STREAM_H

#include "limit.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

enum { STREAM_BUFFER = LIMIT_HEAD + 4096 };

struct stream {
    int fd;
    int64_t receive_timeout; /* what SO_RCVTIMEO is now, in ms; 0 unset */
    uint64_t sent;           /* bytes, since the stream was made */
    size_t held, start, end;
    char *buffer; /* of STREAM_BUFFER bytes; NULL: nothing is to be read */
};

/* What stream_fill came back with. */
enum stream_fill {
    STREAM_FILLED,  /* there is at least one byte more */
    STREAM_EOF,     /* the peer has finished sending */
    STREAM_TIMEOUT, /* the deadline passed */
    STREAM_ERROR,   /* the connection is broken */
};

/* Takes a connected socket and a buffer of STREAM_BUFFER bytes, or NULL where
 * nothing is going to be read; both remain the caller's. */
void stream_init(struct stream *s, int fd, char *buffer);

/* What has been received and not been taken. */
struct slice stream_unread(const struct stream *s);

/* Takes the first n of the unread bytes. */
void stream_take(struct stream *s, size_t n);

/* Takes the first n of the unread bytes, and holds them: they stay where they
 * are in memory. Nothing may be held yet. */
void stream_hold(struct stream *s, size_t n);

/* Lets go of what is held; unread bytes move, slices into them are void. */
void stream_release(struct stream *s);

/* Blocks in recv until bytes come. There must be room behind what is unread;
 * there always is where nothing is. */
enum stream_fill stream_fill(struct stream *s, int64_t deadline);

/*
 * Writes all of the n parts, which it uses up, with as few calls as the
 * kernel needs. Blocks while the peer reads slowly; -1 if the connection
 * broke.
 */
int stream_write(struct stream *s, struct iovec *parts, int n);

/* The same for `length` bytes of a regular file, from `at` on, by sendfile(2);
 * -1 also if the file has become shorter. */
int stream_send_file(struct stream *s, int file, off_t at, off_t length);

/*
 * Ends sending, then reads and drops what the peer still sends, until it closes
 * or LIMIT_LINGER_MS have passed (RFC 9112, 9.6): if the socket were closed
 * with bytes unread, the kernel would send a reset, and the peer could lose the
 * answer. Leaves the stream's buffer alone.
 */
void stream_linger(struct stream *s);

#endif
