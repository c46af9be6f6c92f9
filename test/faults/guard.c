/*
 * guard: runs a server, and writes down how it ended.
 *
 *     guard RECORD COMMAND [ARGUMENT]...
 *
 * The tests take it for the server ($CRIER): it hands SIGTERM and SIGINT on,
 * takes the server along when it is killed, and ends as the server did. What
 * is added to the file RECORD is one line: `exit STATUS` or `signal NUMBER`,
 * and the command. Until then RECORD is locked, shared.
 *
 * A server whose test has failed is told to end, not killed, for its leaks and
 * whether it ends at all are of interest too: who takes longer than PATIENCE
 * seconds gets SIGKILL.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 30 };

static void die(const char *what)
{
    fprintf(stderr, "guard: %s: %s\n", what, strerror(errno));
    _exit(127);
}

static pid_t start(char **command, const sigset_t *mask)
{
    pid_t guard = getpid(), pid = fork();
    if (pid < 0)
        die("fork");
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard)
        _exit(127);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(command[0], command);
    die(command[0]);
    return -1;
}

/* Waits for the end of the server, as whose stand-in it is signalled. */
static int stand_in(pid_t pid, const sigset_t *signals)
{
    const struct timespec patience = {.tv_sec = PATIENCE};
    bool told = false;
    int status;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        int number = told ? sigtimedwait(signals, NULL, &patience)
                          : sigwaitinfo(signals, NULL);
        if (number < 0 && errno == EAGAIN)
            number = SIGKILL;
        if (number > 0 && number != SIGCHLD)
            told = kill(pid, number) == 0;
    }
    return status;
}

/* One write, for many guards share the file. */
static void note(int record, int status, char **command)
{
    char line[4096];
    int length =
        WIFSIGNALED(status)
            ? snprintf(line, sizeof(line), "signal %d:", WTERMSIG(status))
            : snprintf(line, sizeof(line), "exit %d:", WEXITSTATUS(status));
    for (; *command != NULL; command++) {
        size_t room = sizeof(line) - (size_t)length;
        if (strlen(*command) + 2 > room)
            break;
        length += snprintf(line + length, room, " %s", *command);
    }
    line[length++] = '\n';
    if (write(record, line, (size_t)length) != length)
        die("the record");
}

int main(int argc, char **argv)
{
    sigset_t signals, mask;
    if (argc < 3) {
        fprintf(stderr, "usage: guard RECORD COMMAND [ARGUMENT]...\n");
        return 2;
    }
    int record = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (record < 0 || flock(record, LOCK_SH) != 0)
        die(argv[1]);
    /* The test has made it SIGKILL. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, &mask);
    int status = stand_in(start(argv + 2, &mask), &signals);
    note(record, status, argv + 2);
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    /* The server may have left a core already. */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    signal(WTERMSIG(status), SIG_DFL);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    raise(WTERMSIG(status));
    return 127;
}
