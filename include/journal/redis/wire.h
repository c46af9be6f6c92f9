/*
 * wire: one connection to the broker.
 *
 * hiredis unpacks the replies. The waiting is ours: it has a deadline for each
 * reply as a whole, on the monotonic clock, and it ends at once when the
 * journal ends.
 *
 * A wire that has failed once is closed, and wire_open makes it anew. Its
 * `error` then says why.
 *
 * Threads: a wire belongs to one thread at a time.
 */
#ifndef CRIER_WIRE_H
#define CRIER_WIRE_H

#include "journal/redis/packing.h"
#include "journal/redis/url.h"

struct lookup;
struct redisReader;
struct redisReply;

enum { WIRE_ARGS = 16 };

struct wire {
    const struct url *url;
    int stop;                   /* can be read once the journal ends */
    struct lookup *lookup;      /* of the name, or NULL: none goes on */
    bool is_open;               /* else all below is closed and free: */
    int fd;                     /* which does not block */
    struct packing waiting;     /* commands that are not sent yet */
    struct redisReader *reader; /* what came behind the last commands */
    bool is_late;               /* it was closed for that */
    char error[JOURNAL_ERROR_SIZE];
};

/* Connects, and tells the password and the database. False if that has not
 * worked before the deadline (ms, monotonic, as all here). */
bool wire_open(struct wire *w, int64_t deadline);

void wire_close(struct wire *w);

/* Closes it for good: wire_open is not called again. */
void wire_end(struct wire *w);

/* True if it is open, and the broker has not closed it meanwhile; or else as
 * wire_open. Between two commands. */
bool wire_ready(struct wire *w, int64_t deadline);

/* Puts a command behind those that wait to be sent: n words, at most WIRE_ARGS.
 * wire_send says if that has failed. */
void wire_put(struct wire *w, size_t n, const struct slice *words);

/* The same for a list of strings, which ends with NULL. */
void wire_put_words(struct wire *w, const char *const *words);

/* Sends all that waits. All replies were heard before. False if something was
 * not handed to the kernel. */
bool wire_send(struct wire *w, int64_t deadline);

/* The next reply, which the caller frees by wire_free. NULL if there is none
 * before the deadline. An error reply of the broker is a reply like others. */
struct redisReply *wire_hear(struct wire *w, int64_t deadline);

/* The same, but an error reply is NULL, too. Then the wire stays open. */
struct redisReply *wire_hear_good(struct wire *w, int64_t deadline);

void wire_free(struct redisReply *reply);

#endif
