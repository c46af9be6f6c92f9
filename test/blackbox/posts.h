/*
 * Posts whose journal may fail, and what became of them: publishers that
 * survive what happens to them, and a look at all that is kept.
 */
#ifndef CRIER_TEST_POSTS_H
#define CRIER_TEST_POSTS_H

#include "exchange.h"

#include <pthread.h>
#include <stdatomic.h>

/* The texts of all messages that the server has, in order, by GET /poll from
 * the id on. Fails if there is a gap, unless `gap` is not NULL: then it says
 * whether there was one. free each, and the list. */
char **all_after(const struct server *server, const char *id, size_t *count,
                 bool *gap);
void free_texts(char **texts, size_t count);

/* The server has so many messages, and there is no gap. */
void expect_count(const struct server *server, size_t expected);

/* ---- publishers ---------------------------------------------------------- */

enum fate { UNKNOWN, KEPT, REFUSED, UNCLEAR };

enum { FATES = 20000 };

/* Threads that publish the texts "0", "1", "2", …, until they are stopped, or
 * `most` are published. */
struct publishers {
    const struct server *server;
    int servers; /* an array of so many; 0: one */
    int most;
    unsigned pause_us; /* between two messages of a thread */
    bool repeat;       /* under the text as a key, until it is kept */
    atomic_int next;
    atomic_bool stop;
    _Atomic unsigned char fates[FATES];
    atomic_int threads_started;
    int count;
    pthread_t threads[64];
};

void publishers_start(struct publishers *p, const struct server *server,
                      int count);

/* Waits for their end. */
void publishers_join(struct publishers *p);

/* How many have this fate. */
int publishers_count(struct publishers *p, enum fate fate);

/* A connection, or -1: the server has gone. */
int post_connect(const struct server *server);

/* One post, whatever happens. The text's fate. */
enum fate post_once(const struct server *server, const char *text);

/* The same under an Idempotency-Key. */
enum fate post_with_key(const struct server *server, const char *text,
                        const char *key);

/* Checks all that the server has: each message that is KEPT is there once, none
 * that was REFUSED, and each publisher's messages are in order. */
void check_fates(struct publishers *p, const struct server *server);

/* ---- the journal -------------------------------------------------------- */

/* The status of GET /healthz?ready. */
int journal_ready(const struct server *server);

/* Waits until it is that. */
void wait_ready(const struct server *server, int status);

/* How often the server's log has these words so far. */
int count_logged(const struct server *server, const char *words);

#endif
