/* files: see files.h. */
#include "pages/files.h"

#include "http/http_date.h"
#include "http/preconditions.h"
#include "http/response.h"
#include "pages/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *ending, *type;
} types[] = {
    {"html", "text/html; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"txt", "text/plain; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"wasm", "application/wasm"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"svg", "image/svg+xml"},
    {"ico", "image/x-icon"},
    {"otf", "font/otf"},
    {"woff2", "font/woff2"},
};

struct file {
    int fd;
    struct stat stat;
    char path[LIMIT_TARGET + sizeof "/index.html"];
    char etag[48];
};

const char *files_type(const char *name)
{
    const char *base = strrchr(name, '/');
    const char *dot = strrchr(base ? base : name, '.');

    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(dot + 1, types[i].ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

const char *files_relative(const char *path)
{
    struct slice rest = slice_of(path);

    while (rest.at)
        if (slice_is(slice_cut(&rest, '/'), ".."))
            return NULL;
    while (*path == '/')
        path++;
    return *path ? path : ".";
}

int files_open_root(const char *dir)
{
    int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct stat stat;

    /* O_PATH opens a directory that this process may not enter, and all its
     * files would be 404. Looking up "." needs the right to enter; old
     * sandboxes forbid faccessat2(2), which would ask for it. */
    if (fd >= 0 && fstatat(fd, ".", &stat, 0) < 0) {
        close(fd);
        return -1;
    }
    return fd;
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

/* Opens what f->path names, or its index.html. A FIFO would block the open and
 * a device could act on it, so only what looks like a file is opened; and by
 * then it may have become something else. */
static int open_regular(int root, struct file *f)
{
    if (look(root, f->path, &f->stat) < 0)
        return -1;
    if (S_ISDIR(f->stat.st_mode)) {
        size_t len = strlen(f->path);

        snprintf(f->path + len, sizeof f->path - len, "/index.html");
        if (look(root, f->path, &f->stat) < 0)
            return -1;
    }
    if (!S_ISREG(f->stat.st_mode)) {
        errno = ENOENT;
        return -1;
    }
    f->fd = beneath_open(root, f->path, O_RDONLY | O_NONBLOCK);
    if (f->fd < 0)
        return -1;
    if (fstat(f->fd, &f->stat) < 0 || !S_ISREG(f->stat.st_mode)) {
        close(f->fd);
        errno = EIO;
        return -1;
    }
    return 0;
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
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return 503;
    default:
        return 500;
    }
}

/* Changes whenever the file does, to the nanosecond. */
static void make_etag(struct file *f)
{
    snprintf(f->etag, sizeof f->etag, "\"%" PRIx64 "-%" PRIx64 "-%" PRIx64 "\"",
             (uint64_t)f->stat.st_mtim.tv_sec,
             (uint64_t)f->stat.st_mtim.tv_nsec, (uint64_t)f->stat.st_size);
}

/* A page of ours loads, and posts to, nothing but this server, and no other
 * site's page shows it in a frame. What a user's own pages, those of --public,
 * may do is for him to say. */
static void add_policy(struct exchange *x, const struct file *f)
{
    if (!x->context->settings.public_dir &&
        strncmp(files_type(f->path), "text/html", strlen("text/html")) == 0)
        response_field(&x->response, "Content-Security-Policy",
                       "default-src 'self'; object-src 'none'; "
                       "base-uri 'none'; form-action 'self'; "
                       "frame-ancestors 'self'");
}

/* Cut short, the body's end would be missed: close instead. */
static void send_range(struct exchange *x, struct file *f, int status,
                       const struct range *range)
{
    if (status == 206)
        response_field(&x->response, "Content-Range",
                       "bytes %" PRId64 "-%" PRId64 "/%jd", range->first,
                       range->first + range->length - 1,
                       (intmax_t)f->stat.st_size);
    response_start(&x->response, status, files_type(f->path), range->length,
                   slice_of(NULL));
    if (x->request.method != METHOD_HEAD &&
        stream_send_file(x->response.stream, f->fd, range->first,
                         range->length) < 0)
        x->response.close = true;
}

static void send_file(struct exchange *x, struct file *f)
{
    struct validators v = {f->etag, f->stat.st_mtime};
    struct range range = {0, f->stat.st_size};
    char date[HTTP_DATE_SIZE];
    int status;

    make_etag(f);
    http_date_print(f->stat.st_mtime, date);
    response_field(&x->response, "ETag", "%s", f->etag);
    response_field(&x->response, "Last-Modified", "%s", date);
    response_field(&x->response, "Cache-Control",
                   "no-cache"); /* ask each time */
    response_field(&x->response, "Accept-Ranges", "bytes");
    add_policy(x, f);
    status = preconditions_judge(&x->request, &v);
    if (status == 200)
        status = preconditions_range(&x->request, &v, f->stat.st_size, &range);
    switch (status) {
    case 200:
    case 206:
        send_range(x, f, status, &range);
        break;
    case 304:
        response_send_empty(&x->response, 304);
        break;
    case 416:
        response_field(&x->response, "Content-Range", "bytes */%jd",
                       (intmax_t)f->stat.st_size);
        response_error(&x->response, 416, NULL);
        break;
    default:
        response_error(&x->response, status, NULL);
    }
}

void files(struct exchange *x)
{
    const char *path = files_relative(x->path);
    struct file f;

    if (!path) {
        response_error(&x->response, 404, NULL);
        return;
    }
    snprintf(f.path, sizeof f.path, "%s", path);
    if (open_regular(x->context->public_dir, &f) < 0) {
        response_error(&x->response, status_of(errno), NULL);
        return;
    }
    send_file(x, &f);
    close(f.fd);
}
