/*
 * A shell as a child process, for the tests of the scripts, and what it finds
 * around it: a server in CRIER_URL and a directory in TMPDIR.
 *
 * As in harness.h, every wait is bounded by HARNESS_PATIENCE, and whatever
 * goes wrong ends the test. All of this belongs to the main thread of a test.
 */
#ifndef CRIER_TEST_SHELL_H
#define CRIER_TEST_SHELL_H

#include <stdio.h>

#include "harness.h"

/* ---- commands --------------------------------------------------------- */

struct shell {
    pid_t pid;        /* leads a process group of its own: kill(-pid, …) */
    int in, out, err; /* unlinked files */
    const char *command;
};

/* Starts `sh -c command` with the bytes as its standard input. The command
 * must hold until shell_end. The shell, but not what it starts, dies with the
 * test's process. The scripts find the server in CRIER_URL, unless told
 * otherwise. */
struct shell shell_start(const char *command, const void *input, size_t size);

/* Waits for its end; free out and err. A signal that ended it counts as 128
 * and its number, as a shell has it. Fails if it does not end, and kills the
 * whole group. */
struct run shell_end(struct shell *shell);

/* shell_start and shell_end; free out and err. */
struct run shell_with(const char *command, const void *input, size_t size);

/* The same without input. */
struct run shell(const char *command);

/* Waits until the text is somewhere in what a shell that was started has
 * written to its standard output. */
void wait_for_output(const struct shell *shell, const char *text);

/* Expects this status, and these texts somewhere in the output and in the
 * errors; "" for nothing at all there. Frees run.out and run.err. */
void expect_run(struct run run, int status, const char *out, const char *err);

/* ---- their surroundings ----------------------------------------------- */

/* server_start, and its URL in CRIER_URL. */
struct server start_server(const char *options);

/* Puts a URL into CRIER_URL where nobody listens and nobody will, as long as
 * the test's process lives: the port is taken. */
void no_server(void);

/* Makes an empty directory, for mktemp in the scripts and for what tests need,
 * and puts it into TMPDIR. The test removes it; its name holds until the next
 * call. */
const char *own_tmpdir(void);

/* Opens a file in TMPDIR for writing, empty; fclose it. */
FILE *create_file(const char *name);

#endif
