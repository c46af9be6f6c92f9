/*
 * What the tests of the journal share: a directory with a file, servers that
 * use it, publishers that survive what happens to them, and a look at all that
 * is kept.
 */
#ifndef CRIER_TEST_KEPT_H
#define CRIER_TEST_KEPT_H

#include "../room.h"
#include "../tree.h"

#include <pthread.h>
#include <stdatomic.h>

struct kept {
    struct tree tree;
    char file[96];
    char options[512]; /* for server_start */
};

/* A new directory, and the options of a server that keeps its file there. */
struct kept kept_make(const char *options);
void kept_remove(struct kept *k);

/* The size of the file, with the ending "", "-wal" or "-shm"; 0 if there is
 * none. */
size_t kept_size(const struct kept *k, const char *ending);

/* Runs an SQL text on the file, and returns the number that it has as result
 * (0 without one). */
long long kept_sql(const struct kept *k, const char *sql);

/* The texts of all messages that the server has, in order, by GET /poll from
 * the id on. Fails if there is a gap, unless `gap` is not NULL: then it says
 * whether there was one. free each, and the list. */
char **all_after(const struct server *server, const char *id, size_t *count,
                 bool *gap);
void free_texts(char **texts, size_t count);

/* ---- publishers ---------------------------------------------------------- */

enum fate { UNKNOWN, KEPT, REFUSED, UNCLEAR };

enum { FATES = 20000 };

/* Threads that publish the texts "0", "1", "2", …, until they are stopped, or
 * `most` are published. */
struct publishers {
    const struct server *server;
    int most;
    unsigned pause_us; /* between two messages of a thread */
    atomic_int next;
    atomic_bool stop;
    _Atomic unsigned char fates[FATES];
    int count;
    pthread_t threads[64];
};

void publishers_start(struct publishers *p, const struct server *server,
                      int count);

/* Waits for their end. */
void publishers_join(struct publishers *p);

/* How many have this fate. */
int publishers_count(struct publishers *p, enum fate fate);

/* One post, whatever happens. The text's fate. */
enum fate post_once(const struct server *server, const char *text);

/* Checks all that the server has: each message that is KEPT is there once, none
 * that was REFUSED, and each publisher's messages are in order. */
void check_fates(struct publishers *p, const struct server *server);

#endif
