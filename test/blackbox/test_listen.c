/* Where the server listens, and that its start line leads to no other one. */
#include "room.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(listen, .timeout = 120);

static socklen_t address_of(const char *text, int port,
                            struct sockaddr_storage *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    memset(address, 0, sizeof(*address));
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        return sizeof(*four);
    }
    cr_assert_eq(inet_pton(AF_INET6, text, &six->sin6_addr), 1);
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)port);
    return sizeof(*six);
}

/* Another server's socket, or -1 if the port is taken there. */
static int listen_at(const char *text, int port)
{
    struct sockaddr_storage address;
    socklen_t length = address_of(text, port, &address);
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, (struct sockaddr *)&address, length) == 0 &&
        listen(fd, 1) == 0)
        return fd;
    cr_assert_eq(errno, EADDRINUSE, "%s: %s", text, strerror(errno));
    close(fd);
    return -1;
}

/* A port that is free at 127.0.0.1, with another server at ::1. */
static int other_server(int *port)
{
    for (int i = 0; i < 100; i++) {
        struct sockaddr_in four;
        socklen_t length = sizeof(four);
        int probe = listen_at("127.0.0.1", 0);
        getsockname(probe, (struct sockaddr *)&four, &length);
        *port = ntohs(four.sin_port);
        int other = listen_at("::1", *port);
        close(probe);
        if (other >= 0)
            return other;
    }
    fail("no port is free at both addresses");
}

/* What GET /healthz is answered at this address: 200, or 0 if the connection
 * is refused. */
static int knock(const struct server *server, const char *text)
{
    struct sockaddr_storage address;
    socklen_t length = address_of(text, server->port, &address);
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, length) != 0) {
        cr_assert_eq(errno, ECONNREFUSED, "%s: %s", text, strerror(errno));
        close(fd);
        return 0;
    }
    static const char request[] = "GET /healthz HTTP/1.0\r\n\r\n";
    char answer[64] = "";
    int status = 0;
    send(fd, request, sizeof(request) - 1, 0);
    cr_assert(recv(fd, answer, sizeof(answer) - 1, MSG_WAITALL) > 0);
    sscanf(answer, "HTTP/1.1 %d ", &status);
    close(fd);
    return status;
}

static void expect_url(const struct server *server, const char *host)
{
    char words[64];
    snprintf(words, sizeof(words), "open http://%s:%d/ in", host, server->port);
    free(server_log_line(server, words));
}

Test(listen, the_start_line_leads_to_no_other_server)
{
    char options[64];
    int port;
    int other = other_server(&port);
    snprintf(options, sizeof(options), "--port %d", port);
    struct server server = server_start(options);
    expect_url(&server, "127.0.0.1");
    free(server_log_line(&server, "http://localhost:|elsewhere|[::1]"));
    cr_expect_eq(knock(&server, "127.0.0.1"), 200);
    server_stop(&server);
    close(other);
}

/* Clients try ::1 first, are refused, and come to 127.0.0.1. */
Test(listen, no_other_server_can_come_between)
{
    struct server server = server_start("");
    expect_url(&server, "localhost");
    cr_expect_eq(knock(&server, "127.0.0.1"), 200);
    cr_expect_eq(knock(&server, "::1"), 0);
    cr_expect_eq(listen_at("::1", server.port), -1);
    cr_expect_eq(listen_at("::", server.port), -1);
    server_stop(&server);
}

static const char *const localhost[] = {
    "--host localhost",
    "--host LocalHost.",
    "--host chat.localhost",
};

Test(listen, localhost_is_both_addresses)
{
    for (size_t i = 0; i < COUNT(localhost); i++) {
        struct server server = server_start(localhost[i]);
        expect_url(&server, "localhost");
        cr_expect_eq(knock(&server, "127.0.0.1"), 200, "%s", localhost[i]);
        cr_expect_eq(knock(&server, "::1"), 200, "%s", localhost[i]);
        server_stop(&server);
    }
}

Test(listen, localhost_may_be_in_use_at_either_address)
{
    static const char *const addresses[] = {"::1", "127.0.0.1"};
    for (size_t i = 0; i < COUNT(addresses); i++) {
        char options[64];
        int port;
        int other = other_server(&port);
        if (i == 1) {
            close(other);
            other = listen_at(addresses[i], port);
        }
        snprintf(options, sizeof(options), "--host localhost --port %d", port);
        struct run run = run_to_end(options);
        cr_expect_eq(run.status, 1, "%s: %d", addresses[i], run.status);
        cr_expect_not_null(strstr(run.err, "cannot listen on localhost"), "%s",
                           run.err);
        free(run.out);
        free(run.err);
        close(other);
    }
}

/* Calls with each address of this machine that others reach. */
static int each_reachable(const struct server *server, int expected)
{
    struct ifaddrs *all;
    int count = 0;
    cr_assert_eq(getifaddrs(&all), 0);
    for (struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
        char text[INET_ADDRSTRLEN];
        if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET ||
            (i->ifa_flags & IFF_LOOPBACK) != 0)
            continue;
        inet_ntop(AF_INET, &((struct sockaddr_in *)i->ifa_addr)->sin_addr, text,
                  sizeof(text));
        cr_expect_eq(knock(server, text), expected, "%s", text);
        count++;
    }
    freeifaddrs(all);
    return count;
}

Test(listen, localhost_is_no_address_that_others_reach)
{
    struct server server = server_start("--host localhost");
    int count = each_reachable(&server, 0);
    char *log = server_log(&server);
    cr_expect_null(strstr(log, "everybody"), "%s", log);
    free(log);
    server_stop(&server);
    if (count == 0)
        cr_skip_test("this machine has no address but its own");
}

Test(listen, two_colons_are_all_addresses)
{
    struct server server = server_start("--host ::");
    free(server_log_line(&server, "everybody on this network|::"));
    cr_expect_eq(knock(&server, "127.0.0.1"), 200);
    cr_expect_eq(knock(&server, "::1"), 200);
    each_reachable(&server, 200);
    server_stop(&server);
}

Test(listen, a_literal_address_is_told_as_it_is)
{
    struct server server = server_start("--host ::1");
    expect_url(&server, "[::1]");
    cr_expect_eq(knock(&server, "::1"), 200);
    cr_expect_eq(knock(&server, "127.0.0.1"), 0);
    server_stop(&server);
    server = server_start("--host 127.0.0.2");
    expect_url(&server, "127.0.0.2");
    server_stop(&server);
}

/* Then localhost is 127.0.0.1: the first socket is the one for both. */
Test(listen, localhost_without_ipv6)
{
    preload();
    setenv("FAULTS", "socket@1=EACCES", 1);
    struct server server = server_start("--host localhost");
    expect_url(&server, "localhost");
    cr_expect_eq(knock(&server, "127.0.0.1"), 200);
    cr_expect_eq(knock(&server, "::1"), 0);
    server_stop(&server);
}
