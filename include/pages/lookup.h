/*
 * lookup: finds the file that a request path names, below the public directory.
 *
 * The directory is looked up by its name each time, since a build may have put
 * a new one in its place. Any thread may call these.
 */
#ifndef CRIER_LOOKUP_H
#define CRIER_LOOKUP_H

#include "base/limit.h"

#include <stdbool.h>
#include <sys/stat.h>

struct found {
    int fd; /* set by lookup_open alone */
    struct stat stat;
    bool is_index; /* the index.html of the directory that was asked for */
    char path[LIMIT_TARGET + sizeof "/index.html"]; /* below the directory */
};

/*
 * Finds the regular file that a decoded request path names; if that is a
 * directory, its index.html. Returns 200; or 404 if it is missing, hidden, no
 * regular file, or outside; 403 if the server may not enter its directory, 503
 * if descriptors or memory run out, 500 for any other fault of the machine. A
 * 403 or 500 is one line in the log, and so is a public directory that is
 * missing.
 */
int lookup_find(const char *dir, const char *path, struct found *f);

/* Opens it as well, for reading; 403 also if the server may not do that. The
 * caller closes f->fd after a 200. */
int lookup_open(const char *dir, const char *path, struct found *f);

/*
 * The path below the public directory that a decoded request path names: "."
 * for "/", never beginning with a slash. NULL if it has a ".." segment, or one
 * that begins with a dot: .git and .env are nobody's business. Only the first
 * segment may be .well-known (RFC 8615). Points into `path` or to a constant.
 * Pure.
 */
const char *lookup_relative(const char *path);

#endif
