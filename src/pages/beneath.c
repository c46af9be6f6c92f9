/* beneath: see beneath.h. */
#include "pages/beneath.h"

#include "base/slice.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RENAME_RETRIES = 8 };

int beneath_open(int dir, const char *path, int flags)
{
    struct open_how how = {
        .flags = (unsigned)flags | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };

    for (int i = 0; i < RENAME_RETRIES; i++) {
        int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);

        if (fd >= 0)
            return fd;
        if (errno == ENOSYS || errno == EPERM)
            return beneath_walk(dir, path, flags);
        /* Something was renamed while the kernel looked for a "..". */
        if (errno != EAGAIN)
            return -1;
    }
    return -1;
}

/* O_PATH | O_NOFOLLOW opens a symbolic link itself; O_RDONLY would not. */
static int refuse_link(int fd)
{
    struct stat stat;

    if (fd < 0 || fstat(fd, &stat) < 0 || !S_ISLNK(stat.st_mode))
        return fd;
    close(fd);
    errno = ELOOP;
    return -1;
}

/* Opens one component; `last` says with which flags. */
static int open_component(int dir, struct slice part, bool last, int flags)
{
    char name[NAME_MAX + 1];

    if (slice_is(part, "..")) {
        errno = EXDEV;
        return -1;
    }
    if (part.len > NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (part.len == 0)
        part = slice_of("."); /* a doubled or last slash */
    memcpy(name, part.at, part.len);
    name[part.len] = '\0';
    if (!last)
        flags = O_PATH | O_DIRECTORY;
    return refuse_link(openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC));
}

int beneath_walk(int dir, const char *path, int flags)
{
    struct slice rest = slice_of(path);
    int at = dir;

    if (path[0] == '/') {
        errno = EXDEV;
        return -1;
    }
    while (rest.at) {
        struct slice part = slice_cut(&rest, '/');
        int next = open_component(at, part, !rest.at, flags);
        int error = errno;

        if (at != dir)
            close(at);
        if (next < 0) {
            errno = error;
            return -1;
        }
        at = next;
    }
    return at;
}
