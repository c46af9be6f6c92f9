#include "room.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct fault_board *board; /* shared with the server's library */

struct fault_rule *rule(enum fault f)
{
    return &board->rules[f];
}

void preload(void)
{
    const char *library = getenv("FAULTS_LIBRARY");
    const char *sanitizer = getenv("ASAN_OPTIONS");
    char path[4096], options[4096];
    if (realpath(library != NULL ? library : "build/faults.so", path) == NULL)
        fail("%s: %s (see test/faults)", library, strerror(errno));
    snprintf(options, sizeof(options), "%s:verify_asan_link_order=0",
             sanitizer != NULL ? sanitizer : "");
    setenv("LD_PRELOAD", path, 1);
    setenv("ASAN_OPTIONS", options, 1);
}

struct server start_with_board(const char *options)
{
    char path[64];
    int fd = memfd_create("faults", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, sizeof(*board)) != 0)
        fail("memfd: %s", strerror(errno));
    board =
        mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
    preload();
    setenv("FAULTS_BOARD", path, 1);
    return server_start(options);
}

void fail_every(enum fault f, unsigned long n, int error)
{
    rule(f)->error = error;
    rule(f)->calls = rule(f)->failed = 0;
    rule(f)->every = n;
}

void fail_at(enum fault f, unsigned long n, int error)
{
    rule(f)->error = error;
    rule(f)->calls = rule(f)->failed = 0;
    rule(f)->at = n;
}

static double cpu_seconds(const struct server *server)
{
    char path[64];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", server->pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file,
                               "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u "
                               "%*u %*u %*u %lu %lu",
                               &user, &system) != 2)
        fail("cannot read %s", path);
    fclose(file);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

void check_a_second_without_spinning(const struct server *server)
{
    double cpu = cpu_seconds(server), start = seconds_now();
    while (seconds_now() - start < 1)
        wait_a_moment(start, "the end of a second");
    cpu = cpu_seconds(server) - cpu;
    double took = seconds_now() - start;
    cr_expect_lt(cpu, 0.3 * took, "%g s of CPU time in %g s", cpu, took);
}

static int count_errors(const struct server *server)
{
    int count = 0;
    char *log = server_log(server);
    for (const char *at = log; (at = strstr(at, "error: ")) != NULL; at++)
        count++;
    /* That it still lasts, some time later, is no new one. */
    for (const char *at = log; (at = strstr(at, " times in ")) != NULL; at++)
        count--;
    free(log);
    return count;
}

void check_errors(const struct server *server, int least, int most,
                  double start)
{
    int count;
    /* The log's thread may be late. */
    for (double begin = seconds_now(); (count = count_errors(server)) < least;)
        wait_a_moment(begin, "an error in the log");
    int periods = 1 + (int)(seconds_now() - start) / 10;
    cr_expect(count >= least && count <= most * periods,
              "%d lines, not %d to %d", count, least, most * periods);
}

int count_descriptors(const struct server *server)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof(path), "/proc/%d/fd", server->pid);
    DIR *dir = opendir(path);
    while (dir != NULL && readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

void wait_descriptors(const struct server *server, int expected)
{
    double start = seconds_now();
    while (count_descriptors(server) != expected)
        wait_a_moment(start, "descriptors to be closed");
}

int ask(const struct server *server, const char *request)
{
    struct client *client = client_connect(server);
    client_send(client, request);
    int status = client_read(client).status;
    client_close(client);
    return status;
}

struct client *enter(const struct server *server)
{
    double start = seconds_now();
    for (;; wait_a_moment(start, "room for a client")) {
        struct client *client = client_connect(server);
        client_send(client, GET_MISSING);
        if (client_read(client).status == 404)
            return client;
        client_close(client);
    }
}

void check_normal(const struct server *server)
{
    client_close(enter(server));
    wait_healthz(server, "clients", 1);
    cr_expect_eq(ask(server, GET_MISSING), 404);
    struct client *subscriber = subscribe(server, "", "");
    publish(server, "as before");
    next_message(subscriber);
    client_close(subscriber);
    wait_healthz(server, "subscribers", 0);
}

void check_turned_away(const struct server *server)
{
    struct client *client = client_connect(server);
    client_send(client, GET_MISSING);
    struct response response = client_read(client);
    const char *after = response_field(&response, "Retry-After");
    cr_expect_eq(response.status, 503, "%s", response.status_line);
    cr_expect(after != NULL && atoi(after) > 0);
    cr_expect(client_closed(client) && !client->was_reset);
    client_close(client);
}

/* All that comes back, up to the end of the connection, but for the Date. */
static char *read_to_end(struct client *client)
{
    char *all = NULL, *date;
    client_find(client, "a mark that never comes");
    client_take(client, &all, client->end - client->start);
    while ((date = strstr(all, "\nDate: ")) != NULL) {
        char *rest = strchr(date + 1, '\n');
        memmove(date, rest, strlen(rest) + 1);
    }
    client_close(client);
    return all;
}

char *exchange_all(const struct server *server, const char *request)
{
    struct client *client = client_connect(server);
    client_send(client, request);
    return read_to_end(client);
}
