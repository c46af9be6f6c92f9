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

/* Opens what f->path names, and looks at it. */
static int open_path(const char *dir, struct found *f, int flags)
{
    int error;

    f->fd = beneath_open_named(dir, f->path, flags);
    if (f->fd < 0)
        return -1;
    if (fstat(f->fd, &f->stat) == 0)
        return 0;
    error = errno;
    close(f->fd);
    errno = error;
    return -1;
}

static int open_index(const char *dir, struct found *f, int flags)
{
    const size_t len = strlen(f->path);

    f->is_index = true;
    snprintf(f->path + len, sizeof f->path - len, "/index.html");
    return open_path(dir, f, flags);
}

static bool names_directory(const char *path)
{
    return strcmp(path, ".") == 0 || path[strlen(path) - 1] == '/';
}

/* Opens the regular file that f->path names, or its index.html. */
static int open_regular(const char *dir, struct found *f, int flags)
{
    f->is_index = false;
    if (names_directory(f->path)) {
        if (open_index(dir, f, flags) < 0)
            return -1;
    } else if (open_path(dir, f, flags) < 0) {
        return -1;
    } else if (S_ISDIR(f->stat.st_mode)) {
        close(f->fd);
        if (open_index(dir, f, flags) < 0)
            return -1;
    }
    if (S_ISREG(f->stat.st_mode))
        return 0;
    close(f->fd);
    errno = ENOENT;
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
    case ENXIO: /* a socket */
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

/* Names what is wrong: the public directory, or the file. */
static void explain(const char *dir, const struct found *f, int error)
{
    const int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (root < 0)
        log_refusal(dir, errno);
    else if (status_of(error) != 404)
        log_refusal(f->path, error);
    if (root >= 0)
        close(root);
}

static int look_up(const char *dir, const char *path, struct found *f,
                   int flags)
{
    const char *name = lookup_relative(path);
    int error;

    if (!name)
        return 404;
    snprintf(f->path, sizeof f->path, "%s", name);
    if (open_regular(dir, f, flags) == 0)
        return 200;
    error = errno;
    explain(dir, f, error);
    return status_of(error);
}

int lookup_find(const char *dir, const char *path, struct found *f)
{
    const int status = look_up(dir, path, f, O_PATH);

    if (status == 200)
        close(f->fd);
    return status;
}

int lookup_open(const char *dir, const char *path, struct found *f)
{
    /* Without O_NONBLOCK, the open of a FIFO would block. */
    return look_up(dir, path, f, O_RDONLY | O_NONBLOCK);
}
