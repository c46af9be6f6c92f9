/* setup: see setup.h. */
#include "setup.h"

#include "pages/files.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int setup_max_clients(struct settings *s, char error[SETUP_ERROR_SIZE])
{
    struct rlimit files;
    int most;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    most = files.rlim_max < INT_MAX ? (int)files.rlim_max : INT_MAX;
    most -= LIMIT_OTHER_FILES;
    if (most < 1) {
        snprintf(error, SETUP_ERROR_SIZE,
                 "the open-files limit is too low; raise it (ulimit -n)");
        return -1;
    }
    if (s->max_clients > most) {
        snprintf(error, SETUP_ERROR_SIZE,
                 "--max-clients %d: the open-files limit allows %d; raise it "
                 "(ulimit -n)",
                 s->max_clients, most);
        return -1;
    }
    if (s->max_clients == 0)
        s->max_clients = most;
    return 0;
}

size_t setup_max_subscribers(const struct settings *s)
{
    return s->max_clients > LIMIT_RESERVED_CLIENTS
               ? (size_t)(s->max_clients - LIMIT_RESERVED_CLIENTS)
               : 1;
}

void setup_machine_name(struct settings *s)
{
    static char name[HOST_NAME_MAX + sizeof ".local"];
    struct settings_list *names = &s->server_name;
    size_t len;

    if (gethostname(name, HOST_NAME_MAX) < 0)
        return;
    name[HOST_NAME_MAX] = '\0';
    len = strlen(name);
    memcpy(name + len, ".local", sizeof ".local");
    for (size_t n = len; n <= len + strlen(".local"); n += strlen(".local"))
        if (names->count < LIMIT_LIST)
            names->items[names->count++] = (struct slice){name, n};
}

void setup_futex_table(void)
{
    const int futex_hash = 78; /* PR_FUTEX_HASH of linux/prctl.h */
    const unsigned long set_slots = 1, global = 0;

    prctl(futex_hash, set_slots, global, 0UL, 0UL);
}

/* The pages that `make install` put next to the program's own directory. */
static const char *installed_dir(void)
{
    static char installed[PATH_MAX];
    char self[PATH_MAX - 64];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (len < 0)
        return NULL;
    self[len] = '\0';
    snprintf(installed, sizeof installed, "%s/../share/crier/public",
             dirname(self));
    return installed;
}

/* The same directory's path from the root on, or `dir` if the server may not go
 * that way. */
static const char *absolute(int fd, const char *dir)
{
    static char path[2 * PATH_MAX];
    char here[PATH_MAX];
    struct stat wanted, found;

    if (dir[0] == '/' || !getcwd(here, sizeof here))
        return dir;
    snprintf(path, sizeof path, "%s/%s", here, dir);
    if (fstat(fd, &wanted) == 0 && stat(path, &found) == 0 &&
        found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino)
        return path;
    return dir;
}

const char *setup_public_dir(const struct settings *s,
                             char error[SETUP_ERROR_SIZE])
{
    const char *dir = s->public_dir ? s->public_dir : "public", *path = dir;
    int fd = files_open_root(path);

    if (fd < 0 && !s->public_dir && (path = installed_dir()))
        fd = files_open_root(path);
    if (fd < 0) {
        snprintf(error, SETUP_ERROR_SIZE,
                 "cannot open the directory '%.100s': %s; name the one with "
                 "the pages by --public",
                 dir, strerror(errno));
        return NULL;
    }
    path = absolute(fd, path);
    close(fd);
    return path;
}
