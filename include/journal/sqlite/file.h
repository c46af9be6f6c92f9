/*
 * file: the journal's file as the file system has it: who uses it, and whether
 * it is still there.
 *
 * SQLite goes on writing to a file that was removed, and nobody would find its
 * messages again. And two servers on one file would give the same ids. SQLite
 * cares for neither.
 *
 * Threads: where nothing else is said, only the thread that writes.
 */
#ifndef CRIER_FILE_H
#define CRIER_FILE_H

#include "journal/terms.h"

#include <sys/stat.h>

struct sqlite3;

/* What a path led to. */
struct place {
    const char *path;
    dev_t device;
    ino_t number;
};

struct file {
    int fd;             /* holds the lock, and is never read or written */
    struct place place; /* of the file */
    struct place log;   /* of SQLite's log beside it; path NULL: unknown */
};

/*
 * Opens the file, or makes an empty one that only its owner may read (0600).
 * Locks it by flock(2), which ends with the process, however that ends, and has
 * nothing to do with SQLite's own locks. -1 if it is no regular file, or if
 * another server has it, or if it is empty and its log is not; then
 * `error` says so.
 */
int file_open(struct file *f, const char *path, char error[JOURNAL_ERROR_SIZE]);

/* False if the file was removed, replaced or emptied since SQLite has opened
 * it. Any thread may call this. */
bool file_is_there(const struct file *f);

/* Remembers where the log is, once SQLite has made it. */
void file_note_log(struct file *f, struct sqlite3 *db);

/* Waits until the log is on the disk. -1 with errno if that fails. A log that
 * is not known has nothing in it. */
int file_sync_log(const struct file *f);

/* False if the log was removed or replaced. */
bool file_log_is_there(const struct file *f);

/* After all connections of SQLite are closed, whose locks end, too. */
void file_close(struct file *f);

#endif
