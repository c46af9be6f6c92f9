/* Options, their variables, and what is said of those that are wrong. */
#include "exchange.h"
#include "tree.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(options, .timeout = TEST_SECONDS);

static const char *const names[] = {
    "host",     "port",    "public",       "history",   "journal",
    "sync",     "keep",    "retry",        "heartbeat", "max-clients",
    "max-body", "turns",   "allow-origin", "classroom", "quiet",
    "help",     "version",
};

static int count_lines(const char *text)
{
    int lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

/* One line to stderr, nothing to stdout, and the status. */
static void expect_refused(const char *options, int status, const char *start)
{
    struct run run = run_to_end(options);
    cr_expect_eq(run.status, status, "%s: status %d", options, run.status);
    cr_expect_str_eq(run.out, "", "%s: %s", options, run.out);
    cr_expect_eq(count_lines(run.err), 1, "%s: '%s'", options, run.err);
    cr_expect_eq(strncmp(run.err, start, strlen(start)), 0, "%s: '%s'", options,
                 run.err);
    free(run.out);
    free(run.err);
}

Test(options, help_fits_a_screen_and_names_all)
{
    struct run run = run_to_end("--help");
    cr_expect_eq(run.status, 0);
    cr_expect_str_eq(run.err, "");
    cr_expect_leq(count_lines(run.out), 32);
    for (const char *line = run.out; *line != '\0';
         line += strcspn(line, "\n") + 1)
        cr_expect_leq(strcspn(line, "\n"), 80, "%s", line);
    for (size_t i = 0; i < COUNT(names); i++) {
        char option[32];
        snprintf(option, sizeof(option), "--%s", names[i]);
        cr_expect_not_null(strstr(run.out, option), "%s", option);
    }
    cr_expect_not_null(strstr(run.out, "CRIER_"));
    free(run.out);
    free(run.err);
}

Test(options, version_is_one_line)
{
    struct run run = run_to_end("--version");
    cr_expect_eq(run.status, 0);
    cr_expect_str_eq(run.err, "");
    cr_expect_eq(count_lines(run.out), 1);
    cr_expect_eq(strncmp(run.out, "crier ", 6), 0, "%s", run.out);
    free(run.out);
    free(run.err);
}

Test(options, wrong_ones_get_one_line_and_status_2)
{
    static const char *const wrong[] = {
        "--nope",
        "-x",
        "extra",
        "--port",
        "--port abc",
        "--port 65536",
        "--port -1",
        "--port 80x",
        "--port=",
        "--port 1.5",
        "--history 0",
        "--history -5",
        "--history many",
        "--history 99999999999999999999",
        "--retry -1",
        "--retry soon",
        "--heartbeat 0",
        "--heartbeat 3601",
        "--heartbeat 1.5",
        "--max-clients 0",
        "--max-clients -1",
        "--max-body 0",
        "--max-body -1",
        "--max-body 64k",
        "--turns -1",
        "--turns x",
        "--quiet=yes",
        "--allow-origin",
        "--allow-origin example.org",
    };
    for (size_t i = 0; i < COUNT(wrong); i++)
        expect_refused(wrong[i], 2, "crier: ");
}

Test(options, variables_that_are_wrong_are_told_as_well)
{
    static const char *const wrong[][2] = {
        {"CRIER_PORT", "abc"},      {"CRIER_HISTORY", "0"},
        {"CRIER_RETRY", "-1"},      {"CRIER_HEARTBEAT", "0"},
        {"CRIER_MAX_CLIENTS", "x"}, {"CRIER_MAX_BODY", "-1"},
        {"CRIER_TURNS", "-1"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        setenv(wrong[i][0], wrong[i][1], 1);
        struct run run = run_to_end("");
        cr_expect_eq(run.status, 2, "%s: %d", wrong[i][0], run.status);
        cr_expect_eq(count_lines(run.err), 1, "%s", run.err);
        cr_expect_not_null(strstr(run.err, wrong[i][0]), "%s", run.err);
        free(run.out);
        free(run.err);
        unsetenv(wrong[i][0]);
    }
}

Test(options, a_port_in_use_or_no_public_directory_end_it_with_status_1)
{
    struct server server = server_start("");
    char in_use[64];
    snprintf(in_use, sizeof(in_use), "--port %d", server.port);
    expect_refused(in_use, 1, "crier: ");
    expect_refused("--port 0 --public /nowhere", 1, "crier: ");
    expect_refused("--port 0 --public /etc/passwd", 1, "crier: ");
    expect_refused("--port 0 --host 192.0.2.1", 1, "crier: ");
    server_stop(&server);
}

/* Port and host: by a server that stands where they say. */
Test(options, port_and_host_have_variables_too)
{
    struct server server = server_start("");
    char port[16];
    snprintf(port, sizeof(port), "%d", server.port);
    setenv("CRIER_PORT", port, 1);
    expect_refused("", 1, "crier: ");
    expect_refused("--host 127.0.0.1", 1, "crier: ");
    setenv("CRIER_HOST", "192.0.2.1", 1);
    expect_refused("--port 0", 1, "crier: ");
    server_stop(&server);
    server = server_start("--host 127.0.0.1");
    healthz(&server, "clients");
    server_stop(&server);
}

static const struct exchange by_variable[] = {
    {"public", 200, "GET / HTTP/1.1\r\n" HOST "\r\n", GOES_ON, "by variable"},
    {"body", 413, "POST /update HTTP/1.1\r\n" HOST "Content-Length: 31\r\n\r\n",
     CLOSES, NULL},
    {"origin", 400,
     "POST /update HTTP/1.1\r\n" HOST "Origin: http://b.example\r\n"
     "Content-Length: 2\r\n\r\n{}",
     GOES_ON, "Access-Control-Allow-Origin: http://b.example"},
};

Test(options, each_has_a_variable)
{
    struct tree tree = tree_make();
    tree_write_text(&tree, "public/index.html", "by variable");
    setenv("CRIER_PUBLIC", tree.public, 1);
    setenv("CRIER_HISTORY", "2", 1);
    setenv("CRIER_RETRY", "4321", 1);
    setenv("CRIER_HEARTBEAT", "1", 1);
    setenv("CRIER_MAX_CLIENTS", "66", 1);
    setenv("CRIER_MAX_BODY", "30", 1);
    setenv("CRIER_TURNS", "1", 1);
    setenv("CRIER_ALLOW_ORIGIN", "http://a.example,http://b.example", 1);
    setenv("CRIER_QUIET", "1", 1);
    struct server server = server_start("");
    check_exchanges(&server, by_variable, COUNT(by_variable));
    for (int i = 0; i < 3; i++)
        publish(&server, "hello");
    struct client *first = subscribe(&server, "?lastEventId=0", "");
    struct client *second = subscribe(&server, "", "");
    struct client *third = subscribe(&server, "", "");
    struct event event;
    cr_assert(next_event(first, &event));
    cr_expect(event.name != NULL, "history: '%s'", event.raw);
    cr_expect_eq(next_message(first).retry, 4321);
    cr_assert(next_block(second, &event));
    cr_expect(event.comment, "heartbeat: '%s'", event.raw);
    cr_expect_neq(third->start_retry, 4321, "max-clients");
    cr_expect(client_closed(third), "max-clients");
    char *log = server_log(&server);
    cr_expect_null(strstr(log, "GET"), "quiet: %s", log);
    free(log);
    client_close(first);
    client_close(second);
    client_close(third);
    server_stop(&server);
    tree_remove(&tree);
}

Test(options, a_flag_beats_its_variable)
{
    setenv("CRIER_PORT", "1", 1);
    setenv("CRIER_RETRY", "1111", 1);
    setenv("CRIER_PUBLIC", "/nowhere", 1);
    struct server server = server_start("--retry 2222 --public public");
    struct client *client = subscribe(&server, "", "");
    publish(&server, "hello");
    cr_expect_eq(next_message(client).retry, 2222);
    client_close(client);
    server_stop(&server);
}

/* Whether the server takes connections at another address of the loopback. */
static bool listens_at(const struct server *server, const char *address)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)server->port)};
    inet_pton(AF_INET, address, &to.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
    close(fd);
    return connected;
}

Test(options, the_default_host_is_127_0_0_1)
{
    struct server server = server_start("");
    cr_expect(listens_at(&server, "127.0.0.1"));
    cr_expect(!listens_at(&server, "127.0.0.2"));
    server_stop(&server);
    server = server_start("--host 0.0.0.0");
    cr_expect(listens_at(&server, "127.0.0.2"));
    server_stop(&server);
}

Test(options, the_default_history_is_1000)
{
    struct server server = server_start("");
    publish_burst(&server, 1000);
    struct client *all = subscribe(&server, "?lastEventId=0&limit=1000", "");
    for (int i = 0; i < 1000; i++)
        next_message(all);
    publish(&server, "one more");
    struct client *gap = subscribe(&server, "?lastEventId=0", "");
    struct event event;
    cr_assert(next_event(gap, &event) && event.name != NULL);
    client_close(all);
    client_close(gap);
    server_stop(&server);
}
