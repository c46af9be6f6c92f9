/*
 * stream: a blocking socket, read through a buffer, with deadlines.
 *
 * recv(2) and sendmsg(2) really block. The kernel's own time-outs end them:
 * SO_RCVTIMEO ends a read, and TCP_USER_TIMEOUT breaks a connection whose peer
 * takes nothing for LIMIT_WRITE_MS, or has vanished. Deadlines are milliseconds
 * on the monotonic clock.
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

#include "base/limit.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

enum {
    STREAM_BUFFER = LIMIT_HEAD + 4096,
    STREAM_CHUNK_PARTS = 3,
    STREAM_CHUNK_SIZE = 24,
};

struct stream {
    int fd;
    int64_t receive_timeout; /* what SO_RCVTIMEO is now, in ms; 0 unset */
    uint64_t sent;           /* bytes, since the stream was made */
    bool chunked;            /* the body that is being sent is in chunks */
    bool broken;             /* a write failed: nothing more can be written */
    bool more;               /* what is written next waits for a file */
    size_t held, start, end;
    char *buffer; /* of STREAM_BUFFER bytes; NULL: nothing will be read */
};

/* Why stream_fill returned. */
enum stream_fill {
    STREAM_FILLED,  /* there is at least one byte more */
    STREAM_EOF,     /* the peer has finished sending */
    STREAM_TIMEOUT, /* the deadline passed */
    STREAM_ERROR,   /* the connection is broken */
};

/* Sets the options of a listening socket, which each connection inherits:
 * events leave at once, writes have a limit of time, and the kernel holds at
 * most LIMIT_SEND_BUFFER, doubled, for a peer that reads slowly. */
void stream_set_options(int listener);

/* Takes a connected socket, and a buffer of STREAM_BUFFER bytes, which may be
 * NULL while nothing is read. The caller owns both, and closes the socket. */
void stream_init(struct stream *s, int fd, char *buffer);

/* From now on nothing will be read: limits what the kernel holds of a peer that
 * sends without end. */
void stream_only_sends(struct stream *s);

/* The bytes that were received and not taken. */
struct slice stream_unread(const struct stream *s);

/* Takes the first n of the unread bytes. */
void stream_take(struct stream *s, size_t n);

/* Takes the first n of the unread bytes, and holds them: they stay where they
 * are in memory. Nothing may be held yet. */
void stream_hold(struct stream *s, size_t n);

/* Ends the hold. Unread bytes move to the front of the buffer: slices into the
 * buffer must not be used afterwards. */
void stream_release(struct stream *s);

/* Blocks in recv until bytes come. The buffer must have room behind the unread
 * bytes; it always has if there are none. */
enum stream_fill stream_fill(struct stream *s, int64_t deadline);

/* The bytes as a part for stream_write, which only reads them. An iovec has no
 * const, since recvmsg(2) uses it, too. */
struct iovec stream_part(struct slice bytes);

/*
 * Writes all of the n parts with as few calls as the kernel needs. Changes the
 * array of parts. Blocks while the peer reads slowly. -1 if the connection
 * broke, or if the peer is slower than LIMIT_SEND_MS allows.
 */
int stream_write(struct stream *s, struct iovec *parts, int n);

/* Writes the bytes, as stream_write does. */
int stream_write_slice(struct stream *s, struct slice bytes);

/* The bytes as parts of a body whose length is not known: a chunk (RFC 9112,
 * 7.1) if s->chunked; else the bytes as they are, and the end of the connection
 * ends the body. `size` is room for the chunk's size. Returns how many parts
 * they are. */
int stream_chunk(const struct stream *s, struct slice bytes,
                 struct iovec parts[STREAM_CHUNK_PARTS],
                 char size[STREAM_CHUNK_SIZE]);

/* Writes the bytes, which are not empty, as stream_chunk has them. */
int stream_write_chunk(struct stream *s, struct slice bytes);

/* Writes the last chunk: by it the peer knows that the body is complete. */
int stream_end_chunks(struct stream *s);

/* Writes `length` bytes of a regular file, from `at` on, by sendfile(2). What
 * was written before it, while s->more, leaves together with it. -1 if
 * the connection broke, or if the file has become shorter. */
int stream_send_file(struct stream *s, int file, off_t at, off_t length);

/*
 * Ends sending, then reads and drops what the peer still sends, until the peer
 * closes or LIMIT_LINGER_MS have passed (RFC 9112, 9.6). If the socket were
 * closed with unread bytes, the kernel would send a reset, and the peer could
 * lose the answer. Does not use the stream's buffer.
 */
void stream_linger(struct stream *s);

#endif
