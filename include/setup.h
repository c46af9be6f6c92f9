/*
 * setup: what the server needs from the machine, and the context.
 *
 * For the main thread, before there are others.
 */
#ifndef CRIER_SETUP_H
#define CRIER_SETUP_H

#include "journal/journal.h"
#include "server/context.h"

enum { SETUP_ERROR_SIZE = JOURNAL_ERROR_SIZE };

/*
 * Opens /dev/null as standard input, output or error where that is closed. Else
 * a socket would get its number, and a client the log. Before anything else is
 * opened.
 */
void setup_standard_files(void);

/*
 * Makes the process use the machine's table of waiting threads. Since 6.16 the
 * kernel gives each process a small table of its own, in which each wake-up
 * searches through hundreds of 10,000 threads. Older kernels refuse, which does
 * no harm.
 */
void setup_futex_table(void);

/*
 * Makes all that connections share, as c->settings say. Raises the limit of
 * open files, and sets how many clients that allows. Adds the machine's name to
 * those of the server. -1 if something fails; then `error` says in one line
 * what to do, and the process must exit.
 */
int setup_context(struct context *c, char error[SETUP_ERROR_SIZE]);

/* Frees all that, after all clients have left. */
void setup_free(struct context *c);

#endif
