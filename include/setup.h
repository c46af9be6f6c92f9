/*
 * setup: what main needs from the machine before the server starts.
 *
 * For the main thread, before there are others.
 */
#ifndef CRIER_SETUP_H
#define CRIER_SETUP_H

#include "server/settings.h"

#include <stddef.h>

enum { SETUP_ERROR_SIZE = 256 };

/*
 * Raises the limit of open files as far as it goes, and sets s->max_clients to
 * what that allows, unless the user wants fewer. -1 if the limit is too low;
 * then `error` says in one line what to do.
 */
int setup_max_clients(struct settings *s, char error[SETUP_ERROR_SIZE]);

/* How many of these clients may be subscribers. */
size_t setup_max_subscribers(const struct settings *s);

/* Adds the machine's host name, and the same with .local, to s->server_name: a
 * class may open http://teachers-laptop:3000. */
void setup_machine_name(struct settings *s);

/*
 * Makes the process use the machine's table of waiting threads. Since 6.16 the
 * kernel gives each process a small table of its own, in which each wake-up
 * searches through hundreds of 10,000 threads. Older kernels refuse, which does
 * no harm.
 */
void setup_futex_table(void);

/*
 * Finds the directory of the pages: s->public_dir, or else "public" here, or
 * else the directory that `make install` filled. Returns its path, which stays.
 * It begins with a slash where it can, so that it is found again even if the
 * working directory is removed and made anew. Returns NULL if there is no such
 * directory; then `error` says what to do.
 */
const char *setup_public_dir(const struct settings *s,
                             char error[SETUP_ERROR_SIZE]);

#endif
