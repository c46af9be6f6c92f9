/*
 * task: what the kernel says of a thread of this process, from
 * /proc/self/task/TID. Of its own threads every process may read that, but for
 * a /proc that is not there, or is hidden.
 */
#ifndef CRIER_TASK_H
#define CRIER_TASK_H

#include <stdbool.h>
#include <sys/types.h>

#define TASK_DIRECTORY "/proc/self/task"

enum { TASK_WCHAN = 40 };

struct task {
    bool known;         /* false: /proc does not tell, and nothing else holds */
    const char *call;   /* what it blocks in, as C has it; NULL: it runs */
    const char *system; /* the system call that is in there, as above */
    char wchan[TASK_WCHAN]; /* the kernel's function that waits; "" unknown */
};

/* The directory of the threads; -1 if it cannot be opened. The caller closes
 * it. Tests have one of their own. */
int task_open(const char *directory);

/* Looks at a thread: reads two files; one, if it is in the same call as when
 * it was looked at `before` (or NULL). */
struct task task_look(int directory, pid_t tid, const struct task *before);

/* The thread with this name among the first 30 or so, or 0. */
pid_t task_find(int directory, const char *name);

/*
 * Reads a line of /proc/PID/task/TID/syscall: "running", or the number of the
 * system call and its arguments. A futex(2) is a condition variable or a mutex,
 * which glibc waits for by different operations.
 */
struct task task_parse(const char *line);

#endif
