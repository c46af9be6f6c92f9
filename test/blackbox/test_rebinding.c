/*
 * DNS rebinding: the owner of a name makes it point here, and a browser takes
 * that owner's page for one of ours. What tells messages is answered to
 * browsers under our names alone. What curl and other programs say is their
 * own business.
 */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(rebinding, .timeout = 120);

/* Each is enough to know a browser by. */
static const char *const browsers[] = {
    "Sec-Fetch-Site: same-origin\r\n",
    "Sec-Fetch-Site: none\r\n",
    "Referer: http://evil.example/\r\n",
    "Origin: http://evil.example\r\n",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n",
    "Accept-Language: en-US,en;q=0.9\r\n",
};

static const char *const programs[] = {
    "",
    "User-Agent: curl/7.88.1\r\nAccept: */*\r\n",
    "Accept-Language: *\r\nSec-Fetch-Mode: cors\r\nUser-Agent: node\r\n",
    "X-Forwarded-Host: localhost\r\n",
};

static int ask(const struct server *server, const char *target,
               const char *host, const char *fields, char *reason, size_t size)
{
    struct client *client = client_connect(server);
    client_sendf(client, "GET %s HTTP/1.1\r\n%s%s\r\n", target, host, fields);
    struct response response = client_read(client);
    int status = response.status;
    snprintf(reason, size, "%s", response.body);
    client_close(client);
    return status;
}

static void expect_status(const struct server *server, const char *target,
                          const char *host, const char *fields, int status)
{
    char reason[256];
    int got = ask(server, target, host, fields, reason, sizeof(reason));
    cr_expect_eq(got, status, "%s: %s%s%d", target, host, fields, got);
    if (got == 403)
        cr_expect_not_null(strstr(reason, "--server-name"), "%s", reason);
}

static const char *const tell_messages[] = {
    "/subscribe?limit=1&lastEventId=0",
    "/poll?after=0",
    "/longpoll?after=0",
    "/",
    "/script.js",
};

#define EVIL "Host: evil.example:3000\r\n"

Test(rebinding, browsers_hear_nothing_under_a_foreign_name)
{
    struct server server = server_start("");
    publish(&server, "hello");
    for (size_t i = 0; i < COUNT(tell_messages); i++) {
        for (size_t j = 0; j < COUNT(browsers); j++)
            expect_status(&server, tell_messages[i], EVIL, browsers[j], 403);
        for (size_t j = 0; j < COUNT(programs); j++)
            expect_status(&server, tell_messages[i], EVIL, programs[j], 200);
    }
    server_stop(&server);
}

static const char *const foreign[] = {
    "Host: localhost.evil.example\r\n",
    "Host: evil.example.\r\n",
    "Host: evillocalhost\r\n",
    "Host: 127.0.0.1.evil.example:3000\r\n",
    "Host: evil.example\r\nX-Forwarded-Host: localhost\r\n",
    "Host: \r\n",
};

static const char *const ours[] = {
    "Host: localhost\r\n",     "Host: LOCALHOST.:1\r\n",
    "Host: a.localhost\r\n",   "Host: 127.0.0.1:3000\r\n",
    "Host: [::1]:3000\r\n",    "Host: [fe80::1]\r\n",
    "Host: 192.168.1.7\r\n",   "Host: chat.example\r\n",
    "Host: Chat.Example.\r\n",
};

Test(rebinding, which_names_are_ours)
{
    struct server server = server_start("--server-name chat.example");
    publish(&server, "hello");
    for (size_t i = 0; i < COUNT(foreign); i++)
        expect_status(&server, "/poll?after=0", foreign[i], browsers[0], 403);
    for (size_t i = 0; i < COUNT(ours); i++)
        expect_status(&server, "/poll?after=0", ours[i], browsers[0], 200);
    server_stop(&server);
}

/* A browser may look whether the server is there, and ask what it may do. */
Test(rebinding, what_tells_no_messages_has_any_name)
{
    struct server server = server_start("");
    expect_status(&server, "/healthz", EVIL, browsers[0], 200);
    expect_status(&server, "/metrics", EVIL, browsers[0], 200);
    expect_status(&server, "/threads", EVIL, "", 403);
    struct client *client = client_connect(&server);
    client_sendf(client, "OPTIONS /poll HTTP/1.1\r\n" EVIL "%s\r\n",
                 browsers[0]);
    cr_expect_eq(client_read(client).status, 204);
    client_close(client);
    server_stop(&server);
}

Test(rebinding, origins_that_are_let_in_may_use_any_name)
{
    static const char let_in[] = "Origin: http://a.example\r\n";
    struct server server = server_start("--allow-origin http://a.example");
    publish(&server, "hello");
    expect_status(&server, "/poll?after=0", EVIL, let_in, 200);
    expect_status(&server, "/poll?after=0", EVIL, browsers[0], 403);
    server_stop(&server);
    server = server_start("--allow-origin *");
    publish(&server, "hello");
    expect_status(&server, "/poll?after=0", EVIL, browsers[0], 200);
    server_stop(&server);
}

/* Old browsers posted without an Origin. */
Test(rebinding, posts_too)
{
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(browsers); i++) {
        struct client *client = client_connect(&server);
        client_sendf(client,
                     "POST /update HTTP/1.1\r\n" EVIL "%s"
                     "Content-Length: 12\r\n\r\n{\"text\":\"x\"}",
                     browsers[i]);
        struct response response = client_read(client);
        cr_expect_eq(response.status, 403, "%s: %s", browsers[i],
                     response.status_line);
        client_close(client);
    }
    cr_expect_eq(healthz(&server, "messages"), 0);
    server_stop(&server);
}

Test(rebinding, two_origins_are_refused)
{
    static const struct exchange cases[] = {
        {"GET", 400,
         "GET /poll HTTP/1.1\r\n" HOST "Origin: http://localhost\r\n"
         "Origin: http://evil.example\r\n\r\n",
         CLOSES, NULL},
        {"POST", 400,
         "POST /update HTTP/1.1\r\n" HOST "Origin: http://localhost\r\n"
         "origin: http://localhost\r\n"
         "Content-Length: 12\r\n\r\n{\"text\":\"x\"}",
         CLOSES, NULL},
    };
    struct server server = server_start("");
    check_exchanges(&server, cases, COUNT(cases));
    cr_expect_eq(healthz(&server, "messages"), 0);
    server_stop(&server);
}
