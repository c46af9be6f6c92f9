/* proc: see proc.h. */
#include "threads/proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The numbers differ between architectures. */
static const struct {
    long number;
    const char *call, *system;
} names[] = {
#include "calls.def"
};

int proc_open(const char *directory)
{
    return open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A file's only line, without the newline; false if there is none. */
static bool read_line(int directory, pid_t tid, const char *file, char *line,
                      size_t size)
{
    char path[32];
    ssize_t n = -1;
    int fd;

    snprintf(path, sizeof path, "%d/%s", (int)tid, file);
    fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        n = read(fd, line, size - 1);
        close(fd);
    }
    line[n > 0 ? n : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return n > 0;
}

struct proc proc_parse(const char *line)
{
    struct proc t = {.known = true};
    unsigned operation = 0;
    char *end;
    long number = strtol(line, &end, 10);

    if (strcmp(line, "running") == 0 || (end > line && number < 0))
        return t;
    if (end == line)
        return (struct proc){.known = false};
    t.call = t.system = "another system call";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].number == number) {
            t.call = names[i].call;
            t.system = names[i].system;
            break;
        }
    if (number == SYS_futex && sscanf(end, "%*x %x", &operation) == 1 &&
        (operation & (unsigned)FUTEX_CMD_MASK) == FUTEX_WAIT)
        t.call = "pthread_mutex_lock";
    return t;
}

struct proc proc_look(int directory, pid_t tid, const struct proc *before)
{
    struct proc t = {.known = false};
    char line[256];

    if (directory < 0 || tid == 0 ||
        !read_line(directory, tid, "syscall", line, sizeof line))
        return t;
    t = proc_parse(line);
    if (before && before->call == t.call) {
        memcpy(t.wchan, before->wchan, sizeof t.wchan);
        return t;
    }
    /* "0": it runs, or the kernel does not say. */
    if (t.call && read_line(directory, tid, "wchan", line, sizeof line) &&
        strcmp(line, "0") != 0)
        snprintf(t.wchan, sizeof t.wchan, "%.*s", PROC_WCHAN - 1, line);
    return t;
}

pid_t proc_find(int directory, const char *name)
{
    /* Not readdir: it would have the kernel list a thousand at once. */
    char entries[1024], line[32];
    int fd = directory < 0 ? -1 : openat(directory, ".", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : getdents64(fd, entries, sizeof entries);
    pid_t found = 0;

    for (ssize_t at = 0; at < n && found == 0;) {
        struct dirent64 entry;
        pid_t tid =
            (pid_t)atoi(entries + at + offsetof(struct dirent64, d_name));

        memcpy(&entry, entries + at, offsetof(struct dirent64, d_name));
        at += entry.d_reclen;
        if (tid > 0 && read_line(directory, tid, "comm", line, sizeof line) &&
            strcmp(line, name) == 0)
            found = tid;
    }
    if (fd >= 0)
        close(fd);
    return found;
}
