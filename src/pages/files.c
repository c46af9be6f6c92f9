/* files: see files.h. */
#include "pages/files.h"

#include "http/http_date.h"
#include "http/preconditions.h"
#include "http/response.h"
#include "http/target.h"
#include "pages/lookup.h"
#include "pages/media_type.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

enum { ETAG_SIZE = 96 };

/* Changes whenever the file does. Its size and mtime are the same where a build
 * gives all files one time; a file that was replaced is another inode, and one
 * that was written has another ctime, to the nanosecond. */
static void print_etag(const struct stat *s, char etag[ETAG_SIZE])
{
    snprintf(etag, ETAG_SIZE, "\"%jx-%jx-%jx.%lx-%jx.%lx\"",
             (uintmax_t)s->st_size, (uintmax_t)s->st_ino,
             (uintmax_t)s->st_mtim.tv_sec, (unsigned long)s->st_mtim.tv_nsec,
             (uintmax_t)s->st_ctim.tv_sec, (unsigned long)s->st_ctim.tv_nsec);
}

/* A page of ours loads, and posts to, nothing but this server, and no other
 * site's page shows it in a frame. What a user's own pages, those of --public,
 * may do is for him to say. */
static void add_policy(struct exchange *x, const struct found *f)
{
    if (!x->context->settings.public_dir &&
        strncmp(media_type(f->path), "text/html", strlen("text/html")) == 0)
        response_text(&x->response, "Content-Security-Policy",
                      "default-src 'self'; object-src 'none'; "
                      "base-uri 'none'; form-action 'self'; "
                      "frame-ancestors 'self'");
}

/* Cut short, the body's end would be missed: close instead. */
static void send_range(struct exchange *x, struct found *f, int status,
                       const struct range *range)
{
    if (status == 206)
        response_field(&x->response, "Content-Range",
                       "bytes %" PRId64 "-%" PRId64 "/%jd", range->first,
                       range->first + range->length - 1,
                       (intmax_t)f->stat.st_size);
    x->response.stream->more =
        x->request.method != METHOD_HEAD && range->length > 0;
    response_start(&x->response, status, media_type(f->path), range->length,
                   slice_of(NULL));
    if (x->request.method != METHOD_HEAD &&
        stream_send_file(x->response.stream, f->fd, range->first,
                         range->length) < 0)
        x->response.close = true;
}

/* Not later than Date, which is printed afterwards (RFC 9110, 8.8.2.1). */
static void add_modified(struct exchange *x, time_t modified)
{
    const time_t now = time(NULL);
    char date[HTTP_DATE_SIZE];

    http_date_print(modified < now ? modified : now, date);
    response_text(&x->response, "Last-Modified", date);
}

static void send_file(struct exchange *x, struct found *f)
{
    char etag[ETAG_SIZE];
    struct validators v = {etag, f->stat.st_mtime};
    struct range range = {0, f->stat.st_size};
    int status;

    print_etag(&f->stat, etag);
    response_text(&x->response, "ETag", etag);
    add_modified(x, f->stat.st_mtime);
    response_text(&x->response, "Cache-Control",
                  "no-cache"); /* ask each time */
    response_text(&x->response, "Accept-Ranges", "bytes");
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

/* The link that a directory's page has to another one begins where the path has
 * its last slash, so that must be the last byte that the client has sent. */
static bool needs_slash(const struct exchange *x, const struct found *f)
{
    const struct slice path = x->request.path;

    return f->is_index && path.at[path.len - 1] != '/';
}

/* What would be too long for a target of ours leads nowhere. */
static void send_to_slash(struct exchange *x)
{
    const struct request *r = &x->request;
    char location[LIMIT_TARGET + 1];

    if (!target_add_slash(r->path, r->query, location, sizeof location)) {
        response_error(&x->response, 414, NULL);
        return;
    }
    response_field(&x->response, "Location", "%s", location);
    response_text(&x->response, "Cache-Control", "no-cache");
    response_error(&x->response, 301, NULL);
}

void files(struct exchange *x)
{
    struct found f;
    int status = lookup_open(x->context->public_dir, x->path, &f);

    if (status != 200) {
        response_error(&x->response, status, NULL);
        return;
    }
    if (needs_slash(x, &f))
        send_to_slash(x);
    else
        send_file(x, &f);
    close(f.fd);
}

bool files_exist(struct exchange *x)
{
    struct found f;

    return lookup_find(x->context->public_dir, x->path, &f) != 404;
}
