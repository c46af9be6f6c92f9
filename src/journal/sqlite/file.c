/* file: see file.h. */
#include "journal/sqlite/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static void place_set(struct place *p, const char *path, const struct stat *s)
{
    p->path = path;
    p->device = s->st_dev;
    p->number = s->st_ino;
}

/* True if the path still leads there, to at least `least` bytes. */
static bool place_is_same(const struct place *p, off_t least)
{
    struct stat s;

    return stat(p->path, &s) == 0 && s.st_dev == p->device &&
           s.st_ino == p->number && s.st_size >= least;
}

/* A power cut must not take back the name of a new file. */
static int sync_directory(const char *path)
{
    char copy[PATH_MAX];
    int fd, result;

    snprintf(copy, sizeof copy, "%s", path);
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    result = fsync(fd);
    close(fd);
    return result;
}

/* True if the file is empty, but its log is not. SQLite would delete the log,
 * with the newest messages in it. */
static bool is_cut(const struct stat *s, const char *path)
{
    char log[PATH_MAX];
    struct stat log_stat;

    snprintf(log, sizeof log, "%s-wal", path);
    return s->st_size == 0 && stat(log, &log_stat) == 0 && log_stat.st_size > 0;
}

int file_open(struct file *f, const char *path, char error[JOURNAL_ERROR_SIZE])
{
    struct stat s;

    f->log.path = NULL;
    f->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    if (f->fd < 0 || fstat(f->fd, &s) < 0) {
        snprintf(error, JOURNAL_ERROR_SIZE, "--journal: cannot open %.100s: %s",
                 path, strerror(errno));
    } else if (!S_ISREG(s.st_mode)) {
        snprintf(error, JOURNAL_ERROR_SIZE, "--journal: %.100s is no file",
                 path);
    } else if (flock(f->fd, LOCK_EX | LOCK_NB) < 0) {
        snprintf(error, JOURNAL_ERROR_SIZE, "--journal: %.100s: %s", path,
                 errno == EWOULDBLOCK ? "another crier uses this file"
                                      : strerror(errno));
    } else if (is_cut(&s, path)) {
        snprintf(error, JOURNAL_ERROR_SIZE,
                 "--journal: %.100s is empty, but its log is not; put the file "
                 "back, or move the log (-wal) away",
                 path);
    } else if (s.st_size == 0 && sync_directory(path) < 0) {
        snprintf(error, JOURNAL_ERROR_SIZE, "--journal: %.100s: %s", path,
                 strerror(errno));
    } else {
        place_set(&f->place, path, &s);
        return 0;
    }
    if (f->fd >= 0)
        close(f->fd);
    return -1;
}

void file_note_log(struct file *f, struct sqlite3 *db)
{
    const char *path = sqlite3_filename_wal(sqlite3_db_filename(db, "main"));
    struct stat s;

    if (!f->log.path && stat(path, &s) == 0)
        place_set(&f->log, path, &s);
}

/* SQLite's locks are on the other files: this close takes none of them away. */
int file_sync_log(const struct file *f)
{
    int fd, result;

    if (!f->log.path)
        return 0;
    fd = open(f->log.path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return -1;
    result = fdatasync(fd);
    close(fd);
    return result;
}

bool file_is_there(const struct file *f)
{
    return place_is_same(&f->place, 1);
}

bool file_log_is_there(const struct file *f)
{
    return !f->log.path || place_is_same(&f->log, 0);
}

void file_close(struct file *f)
{
    close(f->fd);
}
