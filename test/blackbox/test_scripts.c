/* The scripts, against the real server. */
#include "harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(scripts, .timeout = 120);

/* ---- a shell as a child process --------------------------------------- */

struct shell {
    pid_t pid;
    int in, out, err; /* unlinked files */
    const char *command;
};

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

/* Starts `sh -c command` with the bytes as its standard input. The scripts
 * find the server in CRIER_URL, unless told otherwise. */
static struct shell shell_start(const char *command, const void *input,
                                size_t size)
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

/* Waits for its end. A signal that ended it counts as 128 and its number, as
 * a shell has it. */
static struct run shell_end(struct shell *shell)
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

static struct run shell_with(const char *command, const void *input,
                             size_t size)
{
    struct shell shell = shell_start(command, input, size);
    return shell_end(&shell);
}

static struct run shell(const char *command)
{
    return shell_with(command, "", 0);
}

static void wait_for_output(const struct shell *shell, const char *text)
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

static void expect_run(struct run run, int status, const char *out,
                       const char *err)
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

static struct server start_server(const char *options)
{
    struct server server = server_start(options);
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
    setenv("CRIER_URL", url, 1);
    return server;
}

/* A port where nobody listens and nobody will: it is taken. */
static void no_server(void)
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

/* An empty directory, for mktemp in the scripts and for what tests need. */
static const char *own_tmpdir(void)
{
    static char dir[32];
    strcpy(dir, "/tmp/crier-test.XXXXXX");
    if (mkdtemp(dir) == NULL)
        fail("mkdtemp: %s", strerror(errno));
    setenv("TMPDIR", dir, 1);
    return dir;
}

/* ---- all of them ------------------------------------------------------ */

static const char *const names[] = {"subscribe", "update", "load",
                                    "install-deps"};

Test(scripts, h_prints_the_usage)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char command[64], usage[64];
        snprintf(command, sizeof(command), "scripts/%s -h", names[i]);
        snprintf(usage, sizeof(usage), "usage: scripts/%s ", names[i]);
        expect_run(shell(command), 0, usage, "");
    }
}

Test(scripts, wrong_usage_is_told_with_status_2)
{
    char wrong[] = "subscribe -x|subscribe -n|subscribe -n 0|subscribe -n x|"
                   "subscribe what|update -x|update -u|load -x|load -s 0|"
                   "load -n 1e3|load -c -1|load -t ''|load 100|install-deps|"
                   "install-deps -x run|install-deps everything";
    char *rest = wrong, *script;
    while ((script = strsep(&rest, "|")) != NULL) {
        char command[64], complaint[64];
        snprintf(command, sizeof(command), "scripts/%s", script);
        snprintf(complaint, sizeof(complaint),
                 "%.*s: ", (int)strcspn(script, " "), script);
        expect_run(shell(command), 2, "", complaint);
    }
}

Test(scripts, no_server_is_told)
{
    no_server();
    expect_run(shell("scripts/update hello"), 1, "", "is the server running?");
    expect_run(shell("scripts/load"), 1, "", "is the server running?");
    expect_run(shell("scripts/subscribe"), 7, "", "is the server running?");
}

/* ---- update ----------------------------------------------------------- */

/* Runs the command, and expects what it prints, and what then arrives, to be
 * the same JSON, of this text. */
static void expect_text(const struct server *server, const char *command,
                        const char *input, size_t input_size, const char *text,
                        size_t size)
{
    struct client *client = subscribe(server, "", "");
    struct run run = shell_with(command, input, input_size);
    cr_assert(run.status == 0, "%s: %s", command, run.err);
    cr_expect_str_empty(run.err);
    struct event event = next_message(client);
    size_t length = strlen(event.data);
    cr_expect(strncmp(run.out, event.data, length) == 0);
    cr_expect_str_eq(run.out + length, "\n");

    json_error_t error;
    json_t *object = json_loads(event.data, JSON_ALLOW_NUL, &error);
    json_t *value = json_object_get(object, "text");
    cr_assert(json_string_length(value) == size, "%zu bytes, not %zu: %s",
              json_string_length(value), size, event.data);
    cr_expect(memcmp(json_string_value(value), text, size) == 0, "%s: %s",
              command, event.data);
    json_decref(object);
    free(run.out);
    free(run.err);
    client_close(client);
}

static void expect_argument(const struct server *server, const char *command,
                            const char *text)
{
    expect_text(server, command, "not this", 8, text, strlen(text));
}

Test(scripts, update_publishes_its_arguments)
{
    struct server server = start_server("");
    expect_argument(&server, "scripts/update hello", "hello");
    expect_argument(&server, "scripts/update 'two  blanks' and one",
                    "two  blanks and one");
    expect_argument(&server, "scripts/update -- -h", "-h");
    expect_argument(&server, "scripts/update @/etc/passwd", "@/etc/passwd");
    expect_argument(&server, "scripts/update '\"\\n%s$HOME`id`\\'",
                    "\"\\n%s$HOME`id`\\");
    expect_argument(&server, "scripts/update '안녕 \xf0\x9f\x98\x80'",
                    "안녕 \xf0\x9f\x98\x80");
    expect_argument(&server, "scripts/update \"$(printf 'a\\nb\\n\\n.')\"",
                    "a\nb\n\n.");
    server_stop(&server);
}

Test(scripts, update_publishes_any_bytes_of_its_input)
{
    struct server server = start_server("");
    char bytes[128 + 16];
    for (int i = 0; i < 128; i++)
        bytes[i] = (char)i;
    memcpy(bytes + 128, "é \xe2\x80\xa8 \xf0\x9f\x98\x80 \r\n\n\n", 16);
    expect_text(&server, "scripts/update", bytes, sizeof(bytes), bytes,
                sizeof(bytes));
    expect_text(&server, "scripts/update -", bytes, sizeof(bytes), bytes,
                sizeof(bytes));
    expect_text(&server, "scripts/update", "\n", 1, "\n", 1);
    expect_text(&server, "scripts/update", "\0", 1, "\0", 1);
    server_stop(&server);
}

Test(scripts, update_publishes_60_kib)
{
    struct server server = start_server("");
    static char text[60 * 1024];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('!' + 2 * (i % 10));
    memset(text, '\n', 1000);
    expect_text(&server, "scripts/update", text, sizeof(text), text,
                sizeof(text));
    server_stop(&server);
}

Test(scripts, update_tells_why_it_is_refused)
{
    struct server server = start_server("--max-body 4096");
    expect_run(shell("scripts/update ''"), 1, "",
               "400: {\"error\":\"text 필드를 채워주세요\"}");
    expect_run(shell("scripts/update"), 1, "", "text 필드를 채워주세요");
    expect_run(shell("printf 'a\\377' | scripts/update"), 1, "",
               "400: {\"error\":\"");
    expect_run(shell("head -c 5000 /dev/zero | tr '\\0' a | scripts/update"), 1,
               "", "413: {\"error\":\"");
    cr_expect_eq(healthz(&server, "messages"), 0);
    server_stop(&server);
}

/* ---- subscribe -------------------------------------------------------- */

Test(scripts, subscribe_prints_the_stream_as_it_is)
{
    struct server server = start_server("");
    for (int i = 0; i < 5; i++)
        publish(&server, "hello");
    struct client *client = subscribe(&server, "?lastEventId=0", "");
    char expected[4096] = "\n", second[64] = "";
    for (int i = 0; i < 3; i++) {
        struct event event = next_message(client);
        strcat(expected, event.raw);
        if (i == 1)
            snprintf(second, sizeof(second), "%s", event.id);
    }
    struct run run = shell("scripts/subscribe -a 0 -n 3");
    cr_expect_str_eq(run.out, expected);
    expect_run(run, 0, "hello", "");

    char command[128], third[256];
    struct event event = next_message(client);
    snprintf(third, sizeof(third), "id: %s\n", event.id);
    snprintf(command, sizeof(command),
             "scripts/subscribe -a %s -n 2 | sed -n 's/^id/id/p' | tail -n 1",
             second);
    expect_run(shell(command), 0, third, "");
    client_close(client);
    server_stop(&server);
}

Test(scripts, subscribe_prints_at_once_and_ends_by_ctrl_c)
{
    struct server server = start_server("");
    struct shell reader = shell_start("exec scripts/subscribe", "", 0);
    wait_healthz(&server, "subscribers", 1);
    publish(&server, "first");
    wait_for_output(&reader, "{\"text\":\"first\"");
    publish(&server, "second");
    wait_for_output(&reader, "{\"text\":\"second\"");
    kill(-reader.pid, SIGINT);
    expect_run(shell_end(&reader), 128 + SIGINT, "second", "");
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}

Test(scripts, subscribe_ends_with_the_server)
{
    struct server server = start_server("");
    struct shell reader =
        shell_start("scripts/subscribe -u $CRIER_URL/", "", 0);
    wait_healthz(&server, "subscribers", 1);
    server_stop(&server);
    expect_run(shell_end(&reader), 0, "\nretry: ", "");
}

Test(scripts, subscribe_tells_a_refusal)
{
    struct server server = start_server("");
    expect_run(shell("scripts/subscribe -u $CRIER_URL/nowhere"), 22, "", "404");
    server_stop(&server);
}

/* ---- load ------------------------------------------------------------- */

Test(scripts, load_counts)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("");
    struct client *other = subscribe(&server, "?limit=1", "");
    struct run run = shell("scripts/load -s 120 -n 40 -c 3");
    cr_expect_neq(strstr(run.out, "deliveries/s"), NULL);
    expect_run(run, 0,
               "sent                 40 of 40 updates\n"
               "expected           4800 deliveries to 120 subscribers\n"
               "received           4800\n"
               "lost                  0\n"
               "duplicated            0\n"
               "out of order          0\n",
               "");
    cr_expect_eq(healthz(&server, "messages"), 41);
    client_close(other);
    cr_expect(rmdir(dir) == 0, "files are left behind");
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}

Test(scripts, load_keeps_its_connections)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("");
    expect_run(shell("curl -s $CRIER_URL/metrics >$TMPDIR/before;"
                     "scripts/load -s 1 -n 60 -c 2 >$TMPDIR/report;"
                     "curl -s $CRIER_URL/metrics >$TMPDIR/after;"
                     "awk '/^crier_connections_total/ {"
                     "  if (n) print ($2 - n < 40); n = $2 }'"
                     "  $TMPDIR/before $TMPDIR/after; rm $TMPDIR/*"),
               0, "1\n", "");
    rmdir(dir);
    server_stop(&server);
}

Test(scripts, load_does_not_count_what_others_publish)
{
    struct server server = start_server("");
    struct shell other =
        shell_start("while :; do scripts/update noise; done", "", 0);
    wait_for_output(&other, "noise");
    expect_run(shell("scripts/load -s 10 -n 100 -c 2"), 0,
               "received           1000\n", "");
    kill(-other.pid, SIGKILL);
    struct run run = shell_end(&other);
    free(run.out);
    free(run.err);
    server_stop(&server);
}

Test(scripts, load_wants_all_its_subscribers)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("--max-clients 67");
    expect_run(shell("scripts/load -s 5 -n 5 -t 3"), 1, "",
               "load: only 3 of 5 subscribers got in\n");
    cr_expect(rmdir(dir) == 0, "files are left behind");
    server_stop(&server);
}

Test(scripts, load_leaves_nothing_behind_when_interrupted)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("");
    struct shell loader =
        shell_start("exec scripts/load -s 150 -n 50000 -c 1", "", 0);
    wait_healthz(&server, "subscribers", 150);
    kill(loader.pid, SIGINT);
    expect_run(shell_end(&loader), 130, "", "");
    cr_expect(rmdir(dir) == 0, "files are left behind");
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}

/* Before the real curl, one that has every subscriber leave after 10
 * messages. */
static const char early_leavers[] =
    "curl=$(command -v curl)\n"
    "cat >$TMPDIR/curl <<EOF\n"
    "#!/bin/sh\n"
    "for word; do\n"
    "    shift\n"
    "    case \\$word in\n"
    "    */subscribe#*) word=\\${word%%#*}?limit=10#\\${word#*#} ;;\n"
    "    esac\n"
    "    set -- \"\\$@\" \"\\$word\"\n"
    "done\n"
    "exec $curl \"\\$@\"\n"
    "EOF\n"
    "chmod +x $TMPDIR/curl\n"
    "PATH=$TMPDIR:$PATH scripts/load -s 3 -n 40 -c 2 -t 3\n"
    "status=$?\n"
    "rm $TMPDIR/curl\n"
    "exit $status\n";

Test(scripts, load_sees_a_loss)
{
    const char *dir = own_tmpdir();
    struct server server = start_server("");
    expect_run(shell(early_leavers), 1,
               "sent                 40 of 40 updates\n"
               "expected            120 deliveries to 3 subscribers\n"
               "received             30\n"
               "lost                 90\n"
               "duplicated            0\n"
               "out of order          0\n",
               "load: only 0 subscribers got to the end in 3 s\n");
    cr_expect(rmdir(dir) == 0, "files are left behind");
    server_stop(&server);
}

Test(scripts, load_sees_a_server_that_dies)
{
    struct server server = start_server("");
    struct shell loader =
        shell_start("exec scripts/load -s 5 -n 20000 -c 2", "", 0);
    for (double start = seconds_now(); healthz(&server, "messages") < 100;)
        wait_a_moment(start, "the first messages");
    server_kill(&server);
    expect_run(shell_end(&loader), 1, "of 20000 updates\n", "curl: (");
}

/* ---- load.awk --------------------------------------------------------- */

static FILE *create(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", getenv("TMPDIR"), name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        fail("%s: %s", path, strerror(errno));
    return file;
}

/* The events are pairs of an id and what follows load- in the message. */
static void write_stream(const char *name, const char *events)
{
    FILE *file = create(name);
    char id[32], message[32];
    int length;
    fputc('\n', file);
    while (sscanf(events, "%31s %31s%n", id, message, &length) == 2) {
        fprintf(file,
                "retry: 1\nid: %s\n"
                "data: {\"text\":\"load-%s\",\"timestamp\":1}\n\n",
                id, message);
        events += length;
    }
    fclose(file);
}

/* What load.awk counts if two subscribers received this, after the updates
 * load-R-a-1, load-R-a-2 and load-R-b-3. */
static void expect_counts(const char *first, const char *second, int received,
                          int lost, int duplicated, int disordered)
{
    own_tmpdir();
    FILE *replies = create("replies.1");
    fputs("{\"text\":\"load-R-a-1\",\"timestamp\":1}\n"
          "{\"text\":\"load-R-a-2\",\"timestamp\":1}\n"
          "{\"text\":\"load-R-b-3\",\"timestamp\":1}\n",
          replies);
    fclose(replies);
    write_stream("stream.1", first);
    write_stream("stream.2", second);

    char report[512];
    snprintf(report, sizeof(report),
             "sent                  3 of 3 updates\n"
             "expected              6 deliveries to 2 subscribers\n"
             "received     %10d\n"
             "lost         %10d\n"
             "duplicated   %10d\n"
             "out of order %10d\n",
             received, lost, duplicated, disordered);
    bool good = lost + duplicated + disordered == 0;
    expect_run(shell("awk -v run=R -v updates=3 -v subscribers=2 -v start=1"
                     " -v end=2 -f scripts/load.awk $TMPDIR/replies.*"
                     " $TMPDIR/stream.*; status=$?; rm -r $TMPDIR;"
                     "exit $status"),
               good ? 0 : 1, report, "");
}

Test(scripts, load_tells_loss_duplicates_and_disorder_apart)
{
    static const char good[] = "9 R-a-1 9-1 R-b-3 10 R-a-2";

    expect_counts(good, good, 6, 0, 0, 0);
    /* Others' messages, and the end. */
    expect_counts("1 other 9 R-a-1 9-1 R-b-3 9-2 Q-a-2 "
                  "10 R-a-2 11 R-end",
                  good, 6, 0, 0, 0);
    /* 9-2 is before 9-10, and 9 before 10. */
    expect_counts("9-2 R-a-1 9-10 R-a-2 10 R-b-3",
                  "9-2 R-a-1 9-10 R-a-2 10 R-b-3", 6, 0, 0, 0);
    /* Lost: one; at one subscriber all. */
    expect_counts(good, "9 R-a-1 10 R-a-2", 5, 1, 0, 0);
    expect_counts(good, "", 3, 3, 0, 0);
    /* Cut off in the middle of a text, or never published like this. */
    expect_counts(good, "9 R-a-1 9-1 R-b-3 10 R-a-", 5, 1, 0, 0);
    expect_counts(good, "9 R-a-1 9-1 R-b-3 10 R-a-4", 5, 1, 0, 0);
    /* Duplicated, at once or later. */
    expect_counts("9 R-a-1 9 R-a-1 9-1 R-b-3 10 R-a-2 "
                  "9 R-a-1",
                  good, 8, 0, 2, 0);
    /* A duplicate makes up for no loss. */
    expect_counts("9 R-a-1 9-1 R-b-3 9-1 R-b-3", good, 6, 1, 1, 0);
    /* Ids that do not increase. */
    expect_counts(good, "9-1 R-b-3 9 R-a-1 10 R-a-2", 6, 0, 0, 1);
    expect_counts("9 R-a-1 9 R-b-3 10 R-a-2", "9 R-a-1 9 R-b-3 10 R-a-2", 6, 0,
                  0, 2);
    /* Each sees increasing ids, but not the same order. */
    expect_counts(good, "9 R-b-3 9-1 R-a-1 10 R-a-2", 6, 0, 0, 2);
    /* The same order, but not the one in which a has published. */
    expect_counts("9 R-a-2 9-1 R-b-3 10 R-a-1", "9 R-a-2 9-1 R-b-3 10 R-a-1", 6,
                  0, 0, 2);
}

/* ---- install-deps ----------------------------------------------------- */

static void fake(const char *name, const char *body)
{
    FILE *file = create(name);
    fprintf(file, "#!/bin/sh\n%s\n", body);
    fchmod(fileno(file), 0755);
    fclose(file);
}

/* Runs install-deps where only these commands exist, which say how they were
 * called, and an id that tells this user. */
static struct run install_deps(const char *goals, const char *commands,
                               const char *user)
{
    char list[256], *rest = list, *name, command[128], path[4096];
    const char *dir = own_tmpdir();
    snprintf(list, sizeof(list), "%s", commands);
    while ((name = strsep(&rest, " ")) != NULL)
        fake(name, "echo ${0##*/} \"$@\"");
    snprintf(command, sizeof(command), "echo %s", user);
    fake("id", command);

    snprintf(path, sizeof(path), "%s", getenv("PATH"));
    setenv("PATH", dir, 1);
    snprintf(command, sizeof(command), "scripts/install-deps %s", goals);
    struct run run = shell(command);
    setenv("PATH", path, 1);
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
    return run;
}

Test(scripts, install_deps_does_nothing_where_all_is_there)
{
    static const char all[] = "make cc curl node npm chromium "
                              "clang-format clang-tidy cppcheck shellcheck "
                              "man apt-get env";
    expect_run(install_deps("build run sanitize test lint", all, "0"), 0, "",
               "");
    expect_run(install_deps("-n test", all, "0"), 0, "", "");
}

#define UPDATE "apt-get update\n"
#define INSTALL                                                                \
    "env DEBIAN_FRONTEND=noninteractive apt-get install --yes "                \
    "--no-install-recommends "

Test(scripts, install_deps_installs_what_is_missing)
{
    static const char most[] = "cc npm shellcheck apt-get env sudo";

    expect_run(install_deps("run", most, "0"), 0, UPDATE INSTALL "make\n",
               "apt-get: make\n");
    expect_run(install_deps("run test", most, "0"), 0,
               UPDATE INSTALL "make curl nodejs chromium\n",
               "apt-get: make curl nodejs chromium\n");
    expect_run(install_deps("run", most, "1000"), 0,
               "sudo " UPDATE "sudo " INSTALL "make\n", "apt-get: make\n");
    expect_run(install_deps("-n lint", most, "1000"), 1,
               "make curl clang-format clang-tidy cppcheck man-db\n", "");
    expect_run(install_deps("run", "make apt-get env", "0"), 0,
               INSTALL "gcc libc6-dev libjansson-dev\n", "apt-get: ");
}

Test(scripts, install_deps_tells_when_it_cannot)
{
    expect_run(install_deps("run", "cc sudo", "1000"), 1, "",
               "missing: make (Debian's names; this system has no "
               "apt-get");
    expect_run(install_deps("run", "cc apt-get", "1000"), 1, "",
               "missing: make (there is no sudo: ");
}
