/*
 * proc: what the kernel says of a thread of this process, from
 * /proc/self/task/TID. A process may read that of its own threads, unless /proc
 * is missing or hidden.
 */
#ifndef CRIER_PROC_H
#define CRIER_PROC_H

#include <stdbool.h>
#include <sys/types.h>

#define PROC_DIRECTORY "/proc/self/task"

enum { PROC_WCHAN = 40 };

struct proc {
    bool known;         /* false: /proc does not tell; the rest is not set */
    const char *call;   /* what it blocks in, the C function; NULL: it runs */
    const char *system; /* the system call in that function; NULL: it runs */
    char wchan[PROC_WCHAN]; /* the kernel's function that waits; "" unknown */
};

/* The directory of the threads; -1 if it cannot be opened. The caller closes
 * it. Tests have one of their own. */
int proc_open(const char *directory);

/* Looks at a thread: reads two files, or one file if the thread is in the same
 * call as at the look `before` (which may be NULL). */
struct proc proc_look(int directory, pid_t tid, const struct proc *before);

/* The thread with this name among the first 30 or so, or 0. */
pid_t proc_find(int directory, const char *name);

/*
 * Reads a line of /proc/PID/task/TID/syscall: "running", or the number of the
 * system call and its arguments. A futex(2) is a condition variable or a mutex;
 * glibc waits for them by different operations.
 */
struct proc proc_parse(const char *line);

#endif
