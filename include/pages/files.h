/*
 * files: GET anything else is a file below the public directory.
 */
#ifndef CRIER_FILES_H
#define CRIER_FILES_H

#include "server/exchange.h"

/*
 * Sends the file that x->path names; a directory is its index.html. If it has
 * one, but the path does not end with a slash, 301 to the path that does, since
 * the page's relative links mean that. 304 or 412 as conditions say, 206 or 416
 * for a range of bytes (preconditions.h). 404 for what is missing, hidden, no
 * regular file, or outside; 403 and a line in the log for what the server may
 * not read. Pages (html) of ours, but not those of --public, come with a
 * Content-Security-Policy: they load nothing from elsewhere, and no script or
 * style but from files.
 */
void files(struct exchange *x);

/* False if a GET of x->path is a 404. */
bool files_exist(struct exchange *x);

/* Opens a public directory, to see whether it can be served. -1 with errno. */
int files_open_root(const char *dir);

#endif
