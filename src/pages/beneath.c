/* beneath: see beneath.h. */
#include "pages/beneath.h"

#include "base/slice.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RENAME_RETRIES = 8 };

/* Below dir at every step, as the kernel sees it. */
static int open_strictly(int dir, const char *path, int flags)
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

/* The path of an open file from the root on; false if it has none here. */
static bool path_of(int fd, char path[PATH_MAX])
{
    char link[32];
    ssize_t len;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    len = readlink(link, path, PATH_MAX);
    if (len < 0 || len == PATH_MAX)
        return false;
    path[len] = '\0';
    return path[0] == '/';
}

/* What is left of `path` below `top`; NULL if it is not below. */
static const char *strip(const char *path, const char *top)
{
    size_t len = strlen(top);

    if (top[len - 1] == '/') /* the root itself */
        len--;
    if (strncmp(path, top, len) != 0 || (path[len] && path[len] != '/'))
        return NULL;
    return path[len] && path[len + 1] ? path + len + 1 : ".";
}

/*
 * Opens what the links of the path lead to, if that is below dir. Where they
 * lead is asked without opening it; what is then opened has no links any more,
 * and is below dir whatever has become of them meanwhile.
 */
static int open_target(int dir, const char *path, int flags)
{
    char top[PATH_MAX], target[PATH_MAX];
    int fd = openat(dir, path, O_PATH | O_CLOEXEC);
    const char *rest = NULL;

    if (fd < 0) {
        if (errno == EACCES) /* perhaps outside: nothing is told of that */
            errno = EXDEV;
        return -1;
    }
    if (path_of(dir, top) && path_of(fd, target))
        rest = strip(target, top);
    close(fd);
    if (rest)
        return beneath_walk(dir, rest, flags);
    errno = EXDEV;
    return -1;
}

static bool goes_up(const char *path)
{
    struct slice rest = slice_of(path);

    while (rest.at)
        if (slice_is(slice_cut(&rest, '/'), ".."))
            return true;
    return false;
}

int beneath_open(int dir, const char *path, int flags)
{
    int fd = open_strictly(dir, path, flags);
    const bool by_link = errno == EXDEV || errno == ELOOP || errno == ENOTDIR;

    if (fd >= 0 || !by_link || path[0] == '/' || goes_up(path))
        return fd;
    return open_target(dir, path, flags);
}

/*
 * In one call. A path without a link and without ".." cannot lead out, so only
 * those are opened. The directory's own path may have a link, too: then this
 * never works, and costs a call.
 */
static int open_plainly(const char *dir, const char *path, int flags)
{
    struct open_how how = {
        .flags = (unsigned)flags | O_CLOEXEC,
        .resolve = RESOLVE_NO_SYMLINKS,
    };
    const size_t size = strlen(dir) + strlen("/") + strlen(path) + 1;
    char whole[PATH_MAX];

    if (path[0] == '/' || goes_up(path) || size > sizeof whole) {
        errno = ELOOP;
        return -1;
    }
    stpcpy(stpcpy(stpcpy(whole, dir), "/"), path);
    return (int)syscall(SYS_openat2, AT_FDCWD, whole, &how, sizeof how);
}

int beneath_open_named(const char *dir, const char *path, int flags)
{
    int fd = open_plainly(dir, path, flags), root, error;

    if (fd >= 0 || (errno != ELOOP && errno != ENOSYS && errno != EPERM))
        return fd;
    root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return -1;
    fd = beneath_open(root, path, flags);
    error = errno;
    close(root);
    errno = error;
    return fd;
}
