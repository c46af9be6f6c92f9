/* lookup: see lookup.h. */
#include "pages/lookup.h"

#include "base/log.h"
#include "base/slice.h"
#include "pages/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "." is no name of its own, and does no harm. */
static bool is_hidden(struct slice segment, bool first)
{
    return segment.len > 0 && segment.at[0] == '.' && !slice_is(segment, ".") &&
           !(first && slice_is(segment, ".well-known"));
}

const char *lookup_relative(const char *path)
{
    struct slice rest;

    while (*path == '/')
        path++;
    rest = slice_of(path);
    while (rest.at) {
        const bool first = rest.at == path;

        if (is_hidden(slice_cut(&rest, '/'), first))
            return NULL;
    }
    return *path ? path : ".";
}

/* What the path names, looked at without opening it. */
static int look(int root, const char *path, struct stat *stat)
{
    int fd = beneath_open(root, path, O_PATH);
    int result;

    if (fd < 0)
        return -1;
    result = fstat(fd, stat);
    close(fd);
    return result;
}

/* Finds the regular file that f->path names, or its index.html. */
static int find_regular(int root, struct found *f)
{
    if (look(root, f->path, &f->stat) < 0)
        return -1;
    f->is_index = S_ISDIR(f->stat.st_mode);
    if (f->is_index) {
        size_t len = strlen(f->path);

        snprintf(f->path + len, sizeof f->path - len, "/index.html");
        if (look(root, f->path, &f->stat) < 0)
            return -1;
    }
    if (!S_ISREG(f->stat.st_mode)) {
        errno = ENOENT;
        return -1;
    }
    return 0;
}

/* A FIFO would block the open and a device could act on it, so only what looks
 * like a file is opened; and by then it may have become something else. */
static int open_regular(int root, struct found *f)
{
    int error;

    if (find_regular(root, f) < 0)
        return -1;
    f->fd = beneath_open(root, f->path, O_RDONLY | O_NONBLOCK);
    if (f->fd < 0)
        return -1;
    if (fstat(f->fd, &f->stat) == 0) {
        if (S_ISREG(f->stat.st_mode))
            return 0;
        errno = ENOENT;
    }
    error = errno;
    close(f->fd);
    errno = error;
    return -1;
}

static int status_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case EXDEV:
    case ELOOP:
    case ENAMETOOLONG:
        return 404;
    case EACCES:
    case EPERM:
        return 403;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return 503;
    default:
        return 500;
    }
}

/* Says why there is no file. If descriptors or memory run out, other lines say
 * so. */
static void log_refusal(const char *name, int error)
{
    char text[LOG_TEXT];

    if (status_of(error) != 503)
        log_error("cannot open '%.300s': %s", log_escape(slice_of(name), text),
                  strerror(error));
}

/* `act` finds the file, or opens it as well; -1 with errno. */
static int look_up(const char *dir, const char *path, struct found *f,
                   int (*act)(int root, struct found *f))
{
    const char *name = lookup_relative(path);
    int error = 0, root;

    if (!name)
        return 404;
    root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        error = errno;
        log_refusal(dir, error);
        return status_of(error);
    }
    snprintf(f->path, sizeof f->path, "%s", name);
    if (act(root, f) < 0)
        error = errno;
    close(root);
    if (error && status_of(error) != 404)
        log_refusal(f->path, error);
    return error ? status_of(error) : 200;
}

int lookup_find(const char *dir, const char *path, struct found *f)
{
    return look_up(dir, path, f, find_regular);
}

int lookup_open(const char *dir, const char *path, struct found *f)
{
    return look_up(dir, path, f, open_regular);
}
