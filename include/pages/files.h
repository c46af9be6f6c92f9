/*
 * files: GET anything else is a file below the public directory.
 */
#ifndef CRIER_FILES_H
#define CRIER_FILES_H

#include "server/exchange.h"

/*
 * Sends the file that x->path names; a directory is its index.html. 304 or 412
 * as conditions say, 206 or 416 for a range of bytes (preconditions.h), 404 for
 * what is missing, no regular file, or outside; 500 for what the server may not
 * read. Pages (html) of ours, but not those of --public, come with a
 * Content-Security-Policy: they load nothing from elsewhere, and no script or
 * style but from files.
 */
void files(struct exchange *x);

/* Opens the public directory for context.public_dir. -1 with errno. */
int files_open_root(const char *dir);

/*
 * The path below the public directory that a decoded request path names: "."
 * for "/", never beginning with a slash. NULL if it has a ".." segment. Points
 * into `path` or to a constant. Pure.
 */
const char *files_relative(const char *path);

/* The media type for a file's name, by its ending in any case. Pure. */
const char *files_type(const char *name);

#endif
