/* The log: what is told at the start, of each request, of each subscriber. */
#include "exchange.h"

#include <ctype.h>
#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(log, .timeout = TEST_SECONDS);

/* time, thread id; then method, target, status, bytes, duration */
#define PREFIX "^([0-9-]+[T ])?[0-2][0-9]:[0-5][0-9]:[0-5][0-9][^ ]* .*[0-9]+"
#define REQUEST(method, target, status)                                        \
    PREFIX ".* " method " " target " " status " .*[0-9]+.* [0-9.]+ "           \
           "?(s|ms|us)$"

static int count_lines(const char *log, const char *pattern)
{
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        fail("not a pattern: %s", pattern);
    int count = 0;
    char *copy = strdup(log), *rest = copy, *line;
    while ((line = strsep(&rest, "\n")) != NULL)
        count += regexec(&regex, line, 0, NULL, 0) == 0;
    free(copy);
    regfree(&regex);
    return count;
}

/* Waits until so many lines match, and returns the log then; free it. */
static char *wait_lines(const struct server *server, const char *pattern,
                        int expected)
{
    double start = seconds_now();
    for (;; wait_a_moment(start, pattern)) {
        char *log = server_log(server);
        if (count_lines(log, pattern) >= expected)
            return log;
        free(log);
    }
}

Test(log, begins_with_the_port_the_url_and_how_to_stop)
{
    struct server server = server_start("");
    char first[64], url[64];
    snprintf(first, sizeof(first), "server is running ::%d\n", server.port);
    snprintf(url, sizeof(url), "http://localhost:%d", server.port);
    free(server_log_line(&server, url));
    free(server_log_line(&server, "Ctrl-C"));
    char *log = server_log(&server);
    cr_expect_eq(strncmp(log, first, strlen(first)), 0, "'%s'", log);
    free(log);
    server_stop(&server);
}

Test(log, warns_if_the_whole_network_can_come_in)
{
    struct server server = server_start("--host 0.0.0.0");
    free(server_log_line(&server, "network"));
    healthz(&server, "clients");
    server_stop(&server);
}

static const char *const cases[][2] = {
    {"GET /missing?a=b HTTP/1.1\r\n" HOST "\r\n",
     REQUEST("GET", "/missing\\?a=b", "404")},
    {"HEAD /healthz HTTP/1.1\r\n" HOST "\r\n",
     REQUEST("HEAD", "/healthz", "200")},
    {"POST /update HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}",
     REQUEST("POST", "/update", "400")},
    {"POST /update HTTP/1.0\r\nContent-Length: 12\r\n\r\n{\"text\":\"x\"}",
     REQUEST("POST", "/update", "200")},
    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", REQUEST("OPTIONS", "\\*", "204")},
    {"GET /%1b%0a HTTP/1.1\r\n" HOST "\r\n", REQUEST("GET", "/%1b%0a", "404")},
};

Test(log, has_one_line_for_each_request)
{
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct client *client = client_connect(&server);
        client_send(client, cases[i][0]);
        client_read_head(client);
        char *log = wait_lines(&server, cases[i][1], 1);
        cr_expect_eq(count_lines(log, cases[i][1]), 1, "%s", log);
        cr_expect_eq(count_lines(log, PREFIX), (int)i + 1, "%s", log);
        free(log);
        client_close(client);
    }
    server_stop(&server);
}

/* Whether one of the numbers before the method is a thread of the server. */
static bool names_a_thread(const struct server *server, const char *line)
{
    const char *end = strstr(line, " GET ");
    for (const char *at = line; at < end; at++) {
        if (!isdigit((unsigned char)*at))
            continue;
        char path[64];
        snprintf(path, sizeof(path), "/proc/%d/task/%ld", server->pid,
                 strtol(at, (char **)&at, 10));
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

Test(log, tells_the_thread_that_answered)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, "GET /missing HTTP/1.1\r\n" HOST "\r\n");
    client_read(client);
    char *line = server_log_line(&server, "GET|/missing");
    cr_expect(names_a_thread(&server, line), "%s", line);
    free(line);
    client_close(client);
    server_stop(&server);
}

Test(log, tells_when_a_subscriber_comes_and_goes)
{
    struct server server = server_start("");
    struct client *plain = subscribe(&server, "", "");
    struct client *field = subscribe_after(&server, "1744353420000-7", "");
    struct client *query = subscribe(&server, "?lastEventId=1744353427777", "");
    free(wait_lines(&server, PREFIX ".*subscriber.*comes", 3));
    free(server_log_line(&server, "subscriber|comes|1744353420000-7"));
    free(server_log_line(&server, "subscriber|comes|1744353427777"));
    for (int i = 0; i < 4; i++) {
        publish(&server, "hello");
        next_message(plain);
    }
    client_close(plain);
    /* How long, and how many messages. */
    free(wait_lines(&server,
                    PREFIX ".*subscriber.*goes.*[0-9.]+ ?(s|ms).*[^0-9]4 "
                           "messages",
                    1));
    client_close(field);
    client_close(query);
    free(wait_lines(&server, PREFIX ".*subscriber.*goes", 3));
    server_stop(&server);
}

static void check_no_control_bytes(const char *log)
{
    for (const char *at = log; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        cr_assert((c >= ' ' && c != 127 && c != 0x9b) || c == '\n',
                  "byte 0x%02x in the log: %s", c, log);
    }
}

/* Nobody writes lines of his own, or to the terminal that shows the log. */
Test(log, escapes_control_bytes_of_clients)
{
    static const char *const requests[] = {
        "GET /\x1b[31m HTTP/1.1\r\n" HOST "\r\n",
        "GET /a\nserver is hacked HTTP/1.1\r\n" HOST "\r\n",
        "G\x1bT / HTTP/1.1\r\n" HOST "\r\n",
        "GET /%1b[31m%0aserver%20is%20hacked HTTP/1.1\r\n" HOST "\r\n",
        "GET /\x9b"
        "31m HTTP/1.1\r\n" HOST "\r\n",
        "GET /subscribe?limit=0&lastEventId=%1b%0a HTTP/1.1\r\n" HOST "\r\n",
    };
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct client *client = client_connect(&server);
        client_send(client, requests[i]);
        client_read_head(client);
        client_close(client);
    }
    struct client *query = subscribe(
        &server, "?lastEventId=%1b[31m%0d%0aserver+is%20hacked%9b", "");
    struct client *field = subscribe_after(&server,
                                           "a\tb\x9b"
                                           "31m",
                                           "");
    free(wait_lines(&server, "subscriber.*comes", 2));
    client_close(query);
    client_close(field);
    char *log = wait_lines(&server, "subscriber.*goes", 2);
    check_no_control_bytes(log);
    cr_expect_eq(count_lines(log, "^server is hacked"), 0, "%s", log);
    free(log);
    server_stop(&server);
}

#define THREADS  8
#define REQUESTS 100

static void *send_requests(void *server)
{
    struct client *client = client_connect(server);
    for (int i = 0; i < REQUESTS; i++) {
        client_sendf(client, "GET /missing-%d HTTP/1.1\r\n" HOST "\r\n", i);
        if (client_read(client).status != 404)
            fail("request %d", i);
    }
    client_close(client);
    return NULL;
}

Test(log, never_mixes_the_lines_of_two_threads)
{
    struct server server = server_start("");
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, send_requests, &server);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    char *log = wait_lines(&server, "/missing-", THREADS * REQUESTS);
    cr_expect_eq(count_lines(log, PREFIX), THREADS * REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
        char pattern[256];
        snprintf(pattern, sizeof(pattern), REQUEST("GET", "%s%d", "404"),
                 "/missing-", i);
        cr_expect_eq(count_lines(log, pattern), THREADS, "%s", pattern);
    }
    free(log);
    server_stop(&server);
}

Test(log, quiet_drops_requests_and_subscribers_alone)
{
    struct server server = server_start("--quiet");
    struct client *client = subscribe(&server, "", "");
    publish(&server, "hello");
    next_message(client);
    client_close(client);
    wait_healthz(&server, "subscribers", 0);
    char *log = server_log(&server);
    cr_expect_eq(strncmp(log, "server is running ::", 20), 0);
    cr_expect_null(strstr(log, "subscriber"), "%s", log);
    cr_expect_null(strstr(log, "POST"), "%s", log);
    free(log);
    server_stop(&server);
}
