/* setup: see setup.h. */
#include "setup.h"

#include "base/clock.h"
#include "journal/journal.h"
#include "pages/files.h"
#include "server/clients.h"
#include "server/publish_rule.h"
#include "store/publishers.h"
#include "store/subscribers.h"
#include "store/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void setup_standard_files(void)
{
    /* A help text for a closed standard output must fail. */
    static const int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        /* open gives the lowest number that is free, which is fd. */
        if (open("/dev/null", modes[fd]) < 0 &&
            open("/", O_PATH | O_DIRECTORY) < 0)
            exit(EXIT_FAILURE);
    }
}

/* Raises the limit of open files as far as it goes, and sets s->max_clients to
 * what that allows, unless the user wants fewer. */
static int set_max_clients(struct settings *s, char error[SETUP_ERROR_SIZE])
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

static size_t max_subscribers(const struct settings *s)
{
    return s->max_clients > LIMIT_RESERVED_CLIENTS
               ? (size_t)(s->max_clients - LIMIT_RESERVED_CLIENTS)
               : 1;
}

/* A class may open http://teachers-laptop:3000, or the same with .local. */
static void add_machine_name(struct settings *s)
{
    static char name[HOST_NAME_MAX + sizeof ".local"];
    struct settings_list *names = &s->server_name;
    size_t len;

    s->named = names->count > 0;
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

/* The directory of the pages: what the user says, or "public" here, or else the
 * one that `make install` filled. Its path begins with a slash where it can, so
 * that it is found again after the working directory was made anew. */
static const char *find_public(const struct settings *s,
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

/* Reads what is kept back into the store. */
static struct journal *open_journal(struct context *c,
                                    char error[SETUP_ERROR_SIZE])
{
    const struct settings *s = &c->settings;
    struct journal_options options = {
        .place = s->journal ? JOURNAL_FILE
                 : s->redis ? JOURNAL_BROKER
                            : JOURNAL_MEMORY,
        .name = s->journal ? s->journal : s->redis,
        .sync = s->sync[0] == 'a'   ? JOURNAL_SYNC_ALWAYS
                : s->sync[0] == 's' ? JOURNAL_SYNC_SECOND
                                    : JOURNAL_SYNC_NEVER,
        .keep = (size_t)s->keep,
        .history = (size_t)s->history,
        .channels = (size_t)s->channels,
        .retry_ms = s->retry_ms,
    };

    return journal_open(&options, c->store, error);
}

int setup_context(struct context *c, char error[SETUP_ERROR_SIZE])
{
    struct settings *s = &c->settings;

    if (set_max_clients(s, error) < 0)
        return -1;
    add_machine_name(s);
    if (publish_rule_make(s, &c->publish_rule, error) < 0)
        return -1;
    c->public_dir = find_public(s, error);
    if (!c->public_dir)
        return -1;
    snprintf(error, SETUP_ERROR_SIZE, "out of memory");
    c->started = clock_monotonic_ms();
    c->clients = clients_new((size_t)s->max_clients);
    c->store =
        store_new((size_t)s->history, (size_t)s->turns, max_subscribers(s));
    if (!c->store || !c->clients)
        return -1;
    /* Half of --max-memory each; room for two bodies more, so that any body
     * fits. */
    budget_init(&c->held, (size_t)s->max_memory << 19);
    budget_init(&c->budget,
                ((size_t)s->max_memory << 19) + 2 * (size_t)s->max_body);
    store_set_budget(c->store, &c->held);
    store_set_channels(c->store, (size_t)s->channels,
                       (size_t)s->max_memory << 20);
    c->journal = open_journal(c, error);
    if (!c->journal)
        return -1;
    c->watch = watch_new(c->store, s->heartbeat_ms);
    if (!c->watch)
        snprintf(error, SETUP_ERROR_SIZE, "cannot watch for departures: %s",
                 strerror(errno));
    return c->watch ? 0 : -1;
}

void setup_free(struct context *c)
{
    publish_rule_free(c->publish_rule);
    watch_free(c->watch);
    journal_free(c->journal);
    store_free(c->store);
    clients_free(c->clients);
}
