/*
 * main: options, the boot in order, the shutdown in reverse.
 *
 * Only here, and only before it serves, does the program exit on an error.
 */
#include "announce.h"
#include "clock.h"
#include "departures.h"
#include "files.h"
#include "json_memory.h"
#include "log.h"
#include "server.h"
#include "signals.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void die(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

static void die(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    fputs("crier: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(EXIT_FAILURE);
}

/* Raises the open-files limit as far as it goes, and sets how many clients
 * that allows, unless the user wants fewer. */
static void settle_max_clients(struct options *o)
{
    struct rlimit files;
    int most;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    most = files.rlim_max < INT_MAX ? (int)files.rlim_max : INT_MAX;
    most -= LIMIT_OTHER_FILES;
    if (most < 1)
        die("the open-files limit is too low; raise it (ulimit -n)");
    if (o->max_clients > most)
        die("--max-clients %d: the open-files limit allows %d; raise it "
            "(ulimit -n)",
            o->max_clients, most);
    if (o->max_clients == 0)
        o->max_clients = most;
}

/* Kernels from 6.16 on keep a hash of its own for each process that waits, with
 * 16 buckets on 2 cores, in which each wake-up searches hundreds of 10,000
 * threads: 33 us for each delivery against 21 with the machine's own hash.
 * Older ones know no other, and say EINVAL. */
static void use_global_futex_hash(void)
{
    const int futex_hash = 78; /* linux/prctl.h */
    const unsigned long set_slots = 1, global = 0;

    prctl(futex_hash, set_slots, global, 0UL, 0UL);
}

/* "public" here, or else where `make install` puts it: next to the program's
 * own directory. */
static int open_public(const char *dir)
{
    char self[PATH_MAX - 64], installed[PATH_MAX];
    ssize_t len;
    int fd = files_open_root(dir ? dir : "public");

    if (fd >= 0 || dir)
        return fd;
    len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len < 0)
        return -1;
    self[len] = '\0';
    snprintf(installed, sizeof installed, "%s/../share/crier/public",
             dirname(self));
    return files_open_root(installed);
}

/* A class may also open http://teachers-laptop:3000 or its .local name. */
static void add_machine_name(struct options_list *names)
{
    static char name[HOST_NAME_MAX + sizeof ".local"];
    size_t len;

    if (gethostname(name, HOST_NAME_MAX) < 0)
        return;
    name[HOST_NAME_MAX] = '\0';
    len = strlen(name);
    memcpy(name + len, ".local", sizeof ".local");
    for (size_t n = len; n <= len + strlen(".local"); n += strlen(".local"))
        if (names->count < OPTIONS_LIST)
            names->items[names->count++] = (struct slice){name, n};
}

static size_t max_subscribers(const struct options *o)
{
    return o->max_clients > LIMIT_RESERVED_CLIENTS
               ? (size_t)(o->max_clients - LIMIT_RESERVED_CLIENTS)
               : 1;
}

static void build_house(struct context *c)
{
    struct options *o = &c->options;

    settle_max_clients(o);
    add_machine_name(&o->server_name);
    c->started = clock_monotonic_ms();
    c->public_dir = open_public(o->public_dir);
    if (c->public_dir < 0)
        die("cannot open the directory '%s': %s; name the one with the pages "
            "by --public",
            o->public_dir ? o->public_dir : "public", strerror(errno));
    c->store =
        store_new((size_t)o->history, (size_t)o->turns, max_subscribers(o));
    c->clients = clients_new((size_t)o->max_clients);
    if (!c->store || !c->clients)
        die("out of memory");
    c->departures = departures_new(c->store, o->heartbeat_ms);
    if (!c->departures)
        die("cannot watch for departures: %s", strerror(errno));
}

/* Everybody has left. */
static void tear_down_house(struct context *c)
{
    departures_free(c->departures);
    clients_free(c->clients);
    store_free(c->store);
    close(c->public_dir);
}

int main(int argc, char **argv)
{
    static struct context house;
    char error[SERVER_ERROR_SIZE];
    struct server *server;
    int result;

    switch (options_parse(&house.options, argc, argv, stdout, stderr)) {
    case OPTIONS_DONE:
        return EXIT_SUCCESS;
    case OPTIONS_BAD:
        return 2;
    case OPTIONS_RUN:
        break;
    }
    if (house.options.quiet)
        log_quiet();
    use_global_futex_hash();
    signals_block();
    json_memory_install();
    build_house(&house);
    server = server_new(&house, error);
    if (!server)
        die("%s", error);
    result = signals_start(server);
    if (result != 0)
        die("cannot start a thread: %s", strerror(result));
    announce(&house.options, server_port(server));

    server_run(server);

    store_close(house.store);
    /* Whoever stays beyond that still uses the house: leave it standing. */
    if (clients_drain(house.clients, LIMIT_DRAIN_MS))
        tear_down_house(&house);
    return EXIT_SUCCESS;
}
