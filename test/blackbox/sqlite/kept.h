/*
 * What the tests of --journal share: a directory with a file, and servers that
 * use it.
 */
#ifndef CRIER_TEST_KEPT_H
#define CRIER_TEST_KEPT_H

#include "../posts.h"
#include "../room.h"
#include "../tree.h"

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

#endif
