/* The server as a child process: start, log, stop. */
#include "harness.h"

#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ARGUMENTS 64
#define NOBODY        65534

/* For fail: the log of the server that was started last. */
static int latest_log = -1;

static char *read_all(int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return strdup("");
    size_t size = (size_t)info.st_size;
    char *text = calloc(1, size + 1);
    ssize_t got = pread(fd, text, size, 0);
    text[got < 0 ? 0 : got] = '\0';
    return text;
}

/* The log's name as a file; "" for one in memory. */
static void log_path(int log, char *path, size_t size)
{
    char link[64];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", log);
    ssize_t length = log < 0 ? -1 : readlink(link, path, size - 1);
    path[length < 0 ? 0 : length] = '\0';
    if (strncmp(path, "/memfd:", 7) == 0)
        path[0] = '\0';
}

void fail(const char *format, ...)
{
    char message[4096], path[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);

    log_path(latest_log, path, sizeof(path));
    fprintf(stderr, "FAILED %s/%s: %s\n", criterion_current_suite->name,
            criterion_current_test->name, message);
    if (path[0] != '\0')
        fprintf(stderr, "the server's log: %s\n", path);
    if (gettid() == getpid())
        cr_assert_fail("%s", message);
    _exit(1);
}

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int harness_patience(void)
{
    const char *seconds = getenv("HARNESS_PATIENCE");
    return seconds != NULL ? atoi(seconds) : HARNESS_PATIENCE;
}

void wait_a_moment(double start, const char *awaited)
{
    if (seconds_now() - start > harness_patience())
        fail("waited %d s in vain for %s", harness_patience(), awaited);
    nanosleep(&(struct timespec){.tv_nsec = 5 * 1000 * 1000}, NULL);
}

static void drop_root(void)
{
    if (geteuid() != 0)
        return;
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) != 0) {
        perror("cannot give up root");
        _exit(127);
    }
}

static void become_server(char **arguments, int out, int err, bool drop,
                          pid_t parent)
{
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    default_signals();
    /* Opened before root is gone: the project may lie where nobody else may
     * go. */
    int binary = open(arguments[0], O_RDONLY | O_CLOEXEC);
    if (drop)
        drop_root();
    /* After the change of users, which would clear it. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    if (drop)
        fexecve(binary, arguments, environ);
    else
        execv(arguments[0], arguments);
    fprintf(stderr, "cannot run %s: %s\n", arguments[0], strerror(errno));
    _exit(127);
}

/* prefix and options are split at blanks. */
static pid_t spawn(const char *prefix, const char *options, bool drop, int out,
                   int err)
{
    const char *binary = getenv("CRIER");
    char words[4096], *arguments[MAX_ARGUMENTS] = {0};
    snprintf(words, sizeof(words), "%s %s %s",
             binary != NULL ? binary : "build/crier", prefix, options);
    char *rest = words;
    for (size_t i = 0; i + 1 < MAX_ARGUMENTS; i++) {
        while (*rest == ' ')
            rest++;
        if (*rest == '\0')
            break;
        arguments[i] = strsep(&rest, " ");
        if (rest == NULL)
            break;
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0)
        fail("fork: %s", strerror(errno));
    if (pid == 0)
        become_server(arguments, out, err, drop, parent);
    return pid;
}

/* Waits for the end of a child: its status as of waitpid. */
static int wait_for_end(pid_t pid)
{
    int status;
    double start = seconds_now();
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (seconds_now() - start > HARNESS_PATIENCE) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            fail("the server did not end within %d s", HARNESS_PATIENCE);
        }
        wait_a_moment(seconds_now(), "the server's end");
    }
    return status;
}

/* A file in memory. Its writers append, for only then are their writes whole:
 * on a memfd they would race for the offset. */
static int make_file(void)
{
    int file = memfd_create("log", MFD_CLOEXEC);
    if (file < 0 || fcntl(file, F_SETFL, O_APPEND) != 0)
        fail("memfd: %s", strerror(errno));
    return file;
}

/* A log that outlives a test that fails, however it fails: a file of the test's
 * name, which drop_log removes. In memory where there is no place for it. */
static int make_log(void)
{
    static int servers;
    char path[4096], number[16] = "";
    const char *directory = getenv("TEST_LOGS");
    if (directory == NULL)
        directory = "build/test-logs";
    mkdir(directory, 0777);
    if (++servers > 1)
        snprintf(number, sizeof(number), "%d.", servers);
    snprintf(path, sizeof(path), "%s/%s_%s.%slog", directory,
             criterion_current_suite->name, criterion_current_test->name,
             number);
    int log =
        open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    latest_log = log < 0 ? make_file() : log;
    return latest_log;
}

static void drop_log(int log)
{
    char path[4096];
    struct stat stat;
    log_path(log, path, sizeof(path));
    /* A test may have given its server another log, such as /dev/null. */
    if (fstat(log, &stat) == 0 && S_ISREG(stat.st_mode) &&
        strstr(path, "/test-logs/") != NULL)
        unlink(path);
    close(log);
    latest_log = -1;
}

static struct server start(const char *options, bool drop)
{
    struct server server = {.log = make_log()};
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    server.pid = spawn("--port 0", options, drop, null, server.log);
    close(null);

    double begin = seconds_now();
    static const char first[] = "server is running ::";
    for (;;) {
        char *log = read_all(server.log);
        bool complete = strchr(log, '\n') != NULL;
        if (complete && strncmp(log, first, sizeof(first) - 1) == 0)
            server.port = atoi(log + sizeof(first) - 1);
        free(log);
        if (server.port != 0)
            return server;
        if (complete)
            fail("the first line is not '%sPORT'", first);
        if (waitpid(server.pid, NULL, WNOHANG) != 0)
            fail("the server did not start with '%s'", options);
        wait_a_moment(begin, "the server's first line");
    }
}

struct server server_start(const char *options)
{
    return start(options, false);
}

struct server server_start_unprivileged(const char *options)
{
    return start(options, true);
}

/* By a child that is the server's equal: even root may lack the right. */
void server_limit(const struct server *server, unsigned resource, size_t soft)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit;
        drop_root();
        int result = prlimit(server->pid, resource, NULL, &limit);
        limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
        if (result == 0)
            result = prlimit(server->pid, resource, &limit, NULL);
        _exit(result == 0 ? 0 : errno);
    }
    int status = pid < 0 ? -1 : wait_for_end(pid);
    if (status != 0)
        fail("prlimit: %s", strerror(WEXITSTATUS(status)));
}

void server_stop(struct server *server)
{
    kill(server->pid, SIGTERM);
    server_wait(server);
}

void server_wait(struct server *server)
{
    int status = wait_for_end(server->pid);
    if (WIFSIGNALED(status))
        fail("the server was ended by signal %d", WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        fail("the server's exit status is %d", WEXITSTATUS(status));
    drop_log(server->log);
}

void server_kill(struct server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    drop_log(server->log);
}

char *server_log(const struct server *server)
{
    return read_all(server->log);
}

static bool holds_in_order(const char *line, const char *words)
{
    char copy[512], *rest = copy, *word;
    snprintf(copy, sizeof(copy), "%s", words);
    while ((word = strsep(&rest, "|")) != NULL) {
        line = strstr(line, word);
        if (line == NULL)
            return false;
        line += strlen(word);
    }
    return true;
}

char *server_log_line(const struct server *server, const char *words)
{
    double begin = seconds_now();
    for (;; wait_a_moment(begin, words)) {
        char *log = read_all(server->log), *rest = log, *line;
        while (strchr(rest, '\n') != NULL) {
            line = strsep(&rest, "\n");
            if (!holds_in_order(line, words))
                continue;
            line = strdup(line);
            free(log);
            return line;
        }
        free(log);
    }
}

struct run run_to_end(const char *options)
{
    int out = make_file();
    int err = make_log();
    int status = wait_for_end(spawn("", options, false, out, err));
    struct run run = {.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                      .out = read_all(out),
                      .err = read_all(err)};
    close(out);
    drop_log(err);
    return run;
}
