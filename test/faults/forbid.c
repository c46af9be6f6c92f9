/*
 * forbid: runs a program whose sandbox does not know the newer system calls.
 *
 *     forbid CALL... -- COMMAND [ARGUMENT]...
 *
 * Each CALL fails with EPERM, as by the seccomp profiles of older container
 * engines; the kernel's own answer to an unknown call would be ENOSYS.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    unsigned number;
} calls[] = {
    {"faccessat2", SYS_faccessat2},
    {"openat2", SYS_openat2},
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static bool forbid(const char *name)
{
    for (size_t i = 0; i < CALLS; i++) {
        if (strcmp(calls[i].name, name) != 0)
            continue;
        struct sock_filter steps[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                     offsetof(struct seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {sizeof(steps) / sizeof(*steps), steps};
        return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
    }
    errno = EINVAL;
    return false;
}

int main(int argc, char **argv)
{
    int i = 1;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        perror("forbid: no_new_privs");
        return 127;
    }
    for (; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (!forbid(argv[i])) {
            fprintf(stderr, "forbid: %s: %s\n", argv[i], strerror(errno));
            return 127;
        }
    if (i + 1 >= argc) {
        fprintf(stderr, "usage: forbid CALL... -- COMMAND [ARGUMENT]...\n");
        return 127;
    }
    execvp(argv[i + 1], argv + i + 1);
    perror(argv[i + 1]);
    return 127;
}
