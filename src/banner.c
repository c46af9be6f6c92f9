/* banner: see banner.h. */
#include "banner.h"

#include "base/log.h"
#include "pages/lookup.h"
#include "server/address.h"
#include "server/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { URL_SIZE = LISTENER_HOST_SIZE + 16 };

extern char **environ;

/* Its standard output is a pipe: only the log writes to standard error. */
static pid_t spawn_qrencode(char *url, int out)
{
    char name[] = "qrencode", flag[] = "-t", type[] = "ANSIUTF8";
    char *const argv[] = {name, flag, type, url, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (posix_spawnp(&child, name, &files, &attributes, argv, environ) != 0)
        child = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return child;
}

/* For phones. Not there, or fails: then there is none, and nobody minds. */
static void draw_qr_code(char *url)
{
    char line[LOG_LINE];
    int ends[2];
    pid_t child;
    FILE *out;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return;
    child = spawn_qrencode(url, ends[1]);
    close(ends[1]);
    out = fdopen(ends[0], "r");
    while (out && fgets(line, sizeof line, out)) {
        line[strcspn(line, "\n")] = '\0';
        log_say("%s", line);
    }
    if (out)
        fclose(out);
    else
        close(ends[0]);
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
}

void banner_print(const struct settings *s, int listener)
{
    const int port = listener_port(listener);
    const bool all = listener_for_all(listener);
    char host[LISTENER_HOST_SIZE], url[URL_SIZE];
    const bool ours = listener_host(listener, host);
    const bool found = all && address_outside(host);
    struct found index;

    snprintf(url, sizeof url, "http://%s:%d/", host, port);
    log_say("server is running ::%d", port);
    log_say("open %s in a browser; Ctrl-C stops", url);
    if (!ours)
        log_say("http://localhost:%d may lead elsewhere: another program has "
                "port %d of [::1]",
                port, port);
    if (all)
        log_say("everybody on this network can read and post (--host %s)",
                s->host);
    if (s->public_dir && lookup_find(s->public_dir, "/", &index) == 404)
        log_say("%s has no index.html: / will be a 404, other files are served",
                s->public_dir);
    if (found && isatty(STDERR_FILENO))
        draw_qr_code(url);
}
