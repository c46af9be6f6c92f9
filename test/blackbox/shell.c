#include "shell.h"

#include "signals.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char *contents(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char *text = calloc(1, (size_t)size + 1);
    if (pread(fd, text, (size_t)size, 0) != size)
        fail("cannot read back what a script wrote");
    return text;
}

static int file_of(const void *bytes, size_t size)
{
    int fd = memfd_create("file", MFD_CLOEXEC);
    if (write(fd, bytes, size) != (ssize_t)size)
        fail("memfd: %s", strerror(errno));
    lseek(fd, 0, SEEK_SET);
    return fd;
}

struct shell shell_start(const char *command, const void *input, size_t size)
{
    struct shell shell = {.in = file_of(input, size),
                          .out = file_of("", 0),
                          .err = file_of("", 0),
                          .command = command};
    shell.pid = fork();
    if (shell.pid < 0)
        fail("fork: %s", strerror(errno));
    if (shell.pid == 0) {
        setpgid(0, 0);
        default_signals();
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(shell.in, STDIN_FILENO);
        dup2(shell.out, STDOUT_FILENO);
        dup2(shell.err, STDERR_FILENO);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    setpgid(shell.pid, shell.pid);
    return shell;
}

struct run shell_end(struct shell *shell)
{
    int status;
    double start = seconds_now();
    while (waitpid(shell->pid, &status, WNOHANG) == 0) {
        if (seconds_now() - start > HARNESS_PATIENCE) {
            kill(-shell->pid, SIGKILL);
            waitpid(shell->pid, &status, 0);
            fail("did not end: %s", shell->command);
        }
        wait_a_moment(seconds_now(), "a script's end");
    }
    struct run run = {.status = WIFEXITED(status) ? WEXITSTATUS(status)
                                                  : 128 + WTERMSIG(status),
                      .out = contents(shell->out),
                      .err = contents(shell->err)};
    close(shell->in);
    close(shell->out);
    close(shell->err);
    return run;
}

struct run shell_with(const char *command, const void *input, size_t size)
{
    struct shell shell = shell_start(command, input, size);
    return shell_end(&shell);
}

struct run shell(const char *command)
{
    return shell_with(command, "", 0);
}

void wait_for_output(const struct shell *shell, const char *text)
{
    double start = seconds_now();
    for (;; wait_a_moment(start, text)) {
        char *out = contents(shell->out);
        bool found = strstr(out, text) != NULL;
        free(out);
        if (found)
            return;
    }
}

void expect_run(struct run run, int status, const char *out, const char *err)
{
    cr_expect(run.status == status, "status %d, not %d; %s%s", run.status,
              status, run.out, run.err);
    cr_expect(strstr(run.out, out) != NULL, "'%s' is not in the output '%s'",
              out, run.out);
    cr_expect(strstr(run.err, err) != NULL, "'%s' is not in the errors '%s'",
              err, run.err);
    if (*out == '\0')
        cr_expect_str_empty(run.out);
    if (*err == '\0')
        cr_expect_str_empty(run.err);
    free(run.out);
    free(run.err);
}

struct server start_server(const char *options)
{
    struct server server = server_start(options);
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
    setenv("CRIER_URL", url, 1);
    return server;
}

void no_server(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        fail("no port: %s", strerror(errno));
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", ntohs(address.sin_port));
    setenv("CRIER_URL", url, 1);
}

const char *own_tmpdir(void)
{
    static char dir[32];
    strcpy(dir, "/tmp/crier-test.XXXXXX");
    if (mkdtemp(dir) == NULL)
        fail("mkdtemp: %s", strerror(errno));
    setenv("TMPDIR", dir, 1);
    return dir;
}

FILE *create_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", getenv("TMPDIR"), name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        fail("%s: %s", path, strerror(errno));
    return file;
}
