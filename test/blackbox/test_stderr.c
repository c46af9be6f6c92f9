/* Standard error, which something outside may stop, close or fill: the server
 * serves on, ends when it is told to, and says what the log lacks. */
#include "exchange.h"
#include "shell.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(stderr, .timeout = 120);

/* ---- a server with a standard error of the test's own ------------------- */

/* What comes out of the other end of it. */
struct output {
    int fd;
    char *text;
    size_t size;
};

/* The options may have redirections behind them. The port is not known yet. */
static struct server start_with(int err, const char *options)
{
    char command[4096];
    const char *crier = getenv("CRIER");
    snprintf(command, sizeof(command), "exec %s %s",
             crier != NULL ? crier : "build/crier", options);
    pid_t parent = getpid();
    struct server server = {.pid = fork(), .log = -1};
    if (server.pid < 0)
        fail("fork: %s", strerror(errno));
    if (server.pid == 0) {
        dup2(err, STDERR_FILENO);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent)
            execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return server;
}

/* Waits for more of it. */
static void read_output(struct output *o)
{
    struct pollfd p = {.fd = o->fd, .events = POLLIN};
    if (poll(&p, 1, HARNESS_PATIENCE * 1000) != 1)
        fail("nothing more is logged after: %s", o->text);
    o->text = realloc(o->text, o->size + 65537);
    ssize_t n = read(o->fd, o->text + o->size, 65536);
    if (n < 0)
        fail("the log: %s", strerror(errno));
    o->size += (size_t)n;
    o->text[o->size] = '\0';
}

static void wait_for_text(struct output *o, const char *text)
{
    double start = seconds_now();
    while (o->text == NULL || strstr(o->text, text) == NULL) {
        read_output(o);
        if (seconds_now() - start > HARNESS_PATIENCE)
            fail("no '%s' in the log: %s", text, o->text);
    }
}

static struct server start_on(int err, struct output *o)
{
    struct server server = start_with(err, "--port 0");
    wait_for_text(o, "Ctrl-C");
    server.port = atoi(strstr(o->text, "::") + 2);
    return server;
}

static struct server start_on_pipe(struct output *o)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        fail("pipe: %s", strerror(errno));
    *o = (struct output){.fd = ends[0]};
    struct server server = start_on(ends[1], o);
    close(ends[1]);
    return server;
}

/* A port that this process holds, so that nobody else gets it, and on which
 * the server can listen nevertheless. */
static int reserve_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        fail("no port: %s", strerror(errno));
    return ntohs(address.sin_port);
}

/* Waits until somebody listens there. */
static void wait_listening(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (double start = seconds_now();;
         wait_a_moment(start, "a listening server")) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int result = connect(fd, (struct sockaddr *)&to, sizeof(to));
        close(fd);
        if (result == 0)
            return;
    }
}

/* Waits for the end of a server that start_with has started. Its log is the
 * test's own, so the harness, which removes its logs, must not have it. */
static void wait_for_end(const struct server *server, int expected)
{
    int status;
    for (double start = seconds_now();
         waitpid(server->pid, &status, WNOHANG) == 0;)
        wait_a_moment(start, "the server's end");
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == expected,
              "status %x, not %d", (unsigned)status, expected);
}

static void stop(const struct server *server)
{
    kill(server->pid, SIGTERM);
    wait_for_end(server, 0);
}

/* Requests on one connection, each of which makes a line of 600 bytes. */
static void request_long(const struct server *server, int count)
{
    char target[513];
    memset(target, 'x', sizeof(target) - 1);
    target[sizeof(target) - 1] = '\0';
    struct client *client = client_connect(server);
    for (int i = 0; i < count; i++) {
        client_sendf(client, "GET /%s HTTP/1.1\r\n" HOST "\r\n", target);
        cr_assert_eq(client_read(client).status, 404);
    }
    client_close(client);
}

/* A subscriber that comes now gets a message. */
static void check_delivery(const struct server *server)
{
    struct client *client = subscribe(server, "", "");
    publish(server, "hello");
    next_message(client);
    client_close(client);
}

/* ---- tests --------------------------------------------------------------- */

/* More than both pages of the log hold. */
enum { MANY = 4500 };

/* Lines of request_long that were logged, and those that are told as dropped;
 * fails if one of them is not whole. */
static int count_told(const char *log)
{
    char *copy = strdup(log), *rest = copy, *line;
    int told = 0;
    *(strrchr(copy, '\n') + 1) = '\0';
    while ((line = strsep(&rest, "\n")) != NULL) {
        const char *what = strstr(line, "] GET /xxx");
        const char *note = strstr(line, "] error: ");
        size_t start = strspn(line, "0123456789:.");
        if (what != NULL && start == strlen("22:41:07.123") &&
            strcmp(line + strlen(line) - 3, " ms") == 0)
            told++;
        else if (note != NULL && strstr(note, "was blocked") != NULL)
            told += atoi(note + strlen("] error: "));
        else if (what != NULL)
            fail("not a whole line: %s", line);
    }
    free(copy);
    return told;
}

Test(stderr, a_pipe_that_nobody_reads_stops_nobody)
{
    struct output o;
    struct server server = start_on_pipe(&o);
    request_long(&server, MANY);
    while (count_told(o.text) < MANY)
        read_output(&o);
    cr_expect_eq(count_told(o.text), MANY);
    cr_expect_not_null(strstr(o.text, "lines dropped: standard error was bl"));
    /* And goes on. */
    request_long(&server, 2);
    while (count_told(o.text) < MANY + 2)
        read_output(&o);
    free(o.text);
    stop(&server);
    close(o.fd);
}

Test(stderr, messages_are_delivered_and_it_stops_while_the_log_is_blocked)
{
    struct output o;
    struct server server = start_on_pipe(&o);
    request_long(&server, 200); /* a pipe has 64 KiB */
    check_delivery(&server);
    struct client *client = subscribe(&server, "", "");
    kill(server.pid, SIGTERM);
    struct event event;
    while (next_event(client, &event))
        continue;
    client_close(client);
    wait_for_end(&server, 0);
    free(o.text);
    close(o.fd);
}

Test(stderr, a_second_signal_counts_as_well_while_the_log_is_blocked)
{
    struct output o;
    struct server server = start_on_pipe(&o);
    request_long(&server, 200);
    struct client *stuck = client_connect(&server);
    client_send(stuck, "POST /update HTTP/1.1\r\n" HOST
                       "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n");
    cr_assert_eq(client_read(stuck).status, 100);
    double start = seconds_now();
    int status;
    while (waitpid(server.pid, &status, WNOHANG) == 0) {
        kill(server.pid, SIGTERM);
        wait_a_moment(start, "the server's end");
    }
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGTERM);
    client_close(stuck);
    free(o.text);
    close(o.fd);
}

Test(stderr, a_pipe_whose_reader_has_gone)
{
    struct output o;
    struct server server = start_on_pipe(&o);
    close(o.fd);
    request_long(&server, 10);
    check_delivery(&server);
    stop(&server);
    free(o.text);
}

Test(stderr, a_full_disk)
{
    struct server server = {.port = reserve_port()};
    char options[64];
    snprintf(options, sizeof(options), "--port %d 2>/dev/full", server.port);
    server.pid = start_with(STDERR_FILENO, options).pid;
    wait_listening(server.port);
    request_long(&server, 10);
    check_delivery(&server);
    stop(&server);
}

static void wait_size(const struct server *server, size_t size)
{
    double start = seconds_now();
    for (bool full = false; !full; wait_a_moment(start, "a full file")) {
        char *log = server_log(server);
        full = strlen(log) == size;
        free(log);
    }
}

/* The file of the log is at its limit (ulimit -f), and then no longer. */
Test(stderr, a_file_that_may_not_grow)
{
    struct server server = server_start_unprivileged("--public /");
    char *log = server_log(&server);
    size_t limit = strlen(log) + 1000;
    server_limit(&server, RLIMIT_FSIZE, limit);
    free(log);
    request_long(&server, 10);
    check_delivery(&server);
    wait_size(&server, limit);
    server_limit(&server, RLIMIT_FSIZE, SIZE_MAX);
    char *line = server_log_line(&server, "lines dropped: standard error: ");
    cr_expect_eq(strspn(line, "0123456789:."), 12, "%s", line);
    free(line);
    request_long(&server, 1);
    server_stop(&server);
}

/* ---- a terminal ---------------------------------------------------------- */

/* The side that shows; *name is the side that the server writes to. */
static int open_terminal(char name[64])
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 ||
        ptsname_r(fd, name, 64) != 0)
        fail("no terminal: %s", strerror(errno));
    return fd;
}

static void press(int terminal, char key)
{
    if (write(terminal, &key, 1) != 1)
        fail("the terminal: %s", strerror(errno));
}

enum { CTRL_Q = 0x11, CTRL_S = 0x13 };

Test(stderr, a_paused_terminal)
{
    char name[64];
    struct output o = {.fd = open_terminal(name)};
    int err = open(name, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    struct server server = start_on(err, &o);
    press(o.fd, CTRL_S);
    request_long(&server, 10);
    check_delivery(&server);
    press(o.fd, CTRL_Q);
    wait_for_text(&o, "POST /update 200");
    press(o.fd, CTRL_S);
    request_long(&server, 10);
    stop(&server);
    free(o.text);
    close(err);
    close(o.fd);
}

Test(stderr, a_terminal_that_is_paused_from_the_start)
{
    char name[64], options[32];
    struct server server = {.port = reserve_port()};
    int terminal = open_terminal(name);
    int err = open(name, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    press(terminal, CTRL_S);
    snprintf(options, sizeof(options), "--port %d", server.port);
    server.pid = start_with(err, options).pid;
    wait_listening(server.port);
    check_delivery(&server);
    stop(&server);
    /* One that cannot start ends as well. */
    server = start_with(err, "--port 0 --host 192.0.2.1");
    wait_for_end(&server, 1);
    close(err);
    close(terminal);
}

/* ---- closed ----------------------------------------------------------------
 */

static void check_closed(int which)
{
    static const char *const redirections[] = {"0<&-", "1>&-", "2>&-"};
    char options[128];
    struct server server = {.port = reserve_port()};
    int length = snprintf(options, sizeof(options), "--port %d", server.port);
    for (int fd = 0; fd <= 2; fd++)
        if (which & (1 << fd))
            length +=
                snprintf(options + length, sizeof(options) - (size_t)length,
                         " %s", redirections[fd]);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    server.pid = start_with(null, options).pid;
    close(null);
    wait_listening(server.port);
    for (int fd = 0; fd <= 2; fd++) {
        char path[64], target[64] = "";
        snprintf(path, sizeof(path), "/proc/%d/fd/%d", server.pid, fd);
        cr_expect_gt(readlink(path, target, sizeof(target) - 1), 0);
        if (which & (1 << fd))
            cr_expect_str_eq(target, "/dev/null", "%s: %d", options, fd);
    }
    check_delivery(&server);
    stop(&server);
}

Test(stderr, closed_descriptors_are_dev_null)
{
    for (int which = 1; which < 8; which++)
        check_closed(which);
}

Test(stderr, help_that_nobody_gets_is_no_success)
{
    static const char *const commands[] = {
        "${CRIER:-build/crier} --help >/dev/full",
        "${CRIER:-build/crier} --version >/dev/full",
        "${CRIER:-build/crier} --help >&-",
    };
    for (size_t i = 0; i < COUNT(commands); i++) {
        struct run run = shell(commands[i]);
        const char *newline = strchr(run.err, '\n');
        cr_expect(newline != NULL && newline[1] == '\0', "%s", run.err);
        expect_run(run, 1, "", "crier: cannot write to standard output: ");
    }
}
