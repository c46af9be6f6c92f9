/* Cross-origin: other sites' pages may not post unless they are allowed. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

TestSuite(cors, .timeout = TEST_SECONDS);

#define BODY "Content-Length: 12\r\n\r\n{\"text\":\"x\"}"

/* Posts with the Host and Origin, "" for none; the response's text holds
 * until the next call. */
static struct response post_from(struct client *client, const char *host,
                                 const char *origin)
{
    client_sendf(client, "POST /update HTTP/1.1\r\nHost: %s\r\n%s%s%s" BODY,
                 host, *origin == '\0' ? "" : "Origin: ", origin,
                 *origin == '\0' ? "" : "\r\n");
    return client_read(client);
}

struct attempt {
    const char *host, *origin; /* # stands for the server's port */
    int status;
};

static void with_port(char *to, size_t size, const char *from, int port)
{
    int before = (int)strcspn(from, "#");
    if (from[before] == '#')
        snprintf(to, size, "%.*s%d", before, from, port);
    else
        snprintf(to, size, "%s", from);
}

static void check_attempts(const struct server *server,
                           const struct attempt *attempts, size_t count)
{
    long long accepted = healthz(server, "messages");
    for (size_t i = 0; i < count; i++) {
        const struct attempt *it = &attempts[i];
        char host[128], origin[128];
        with_port(host, sizeof(host), it->host, server->port);
        with_port(origin, sizeof(origin), it->origin, server->port);
        struct client *client = client_connect(server);
        struct response response = post_from(client, host, origin);
        cr_expect_eq(response.status, it->status, "Host %s, Origin %s: %s",
                     host, origin, response.status_line);
        if (it->status == 403)
            cr_expect_eq(strncmp(response.body, "{\"error\":\"", 10), 0, "%s",
                         response.body);
        accepted += it->status == 200;
        client_close(client);
    }
    cr_expect_eq(healthz(server, "messages"), accepted);
}

Test(cors, other_origins_may_not_post)
{
    static const struct attempt attempts[] = {
        {"localhost:#", "", 200},
        {"localhost:#", "http://localhost:#", 200},
        {"127.0.0.1:#", "http://127.0.0.1:#", 200},
        {"LOCALHOST:#", "http://localhost:#", 200},
        {"localhost:#", "http://localhost", 403},
        {"localhost:#", "http://localhost:1", 403},
        {"localhost:#", "http://evil.example", 403},
        {"localhost:#", "http://evil.example:#", 403},
        {"localhost:#", "http://localhost.evil.example:#", 403},
        {"localhost:#", "http://evillocalhost:#", 403},
        {"localhost:#", "null", 403},
        {"localhost:#", "localhost:#", 403},
        {"localhost:#", "file://", 403},
        {"localhost:#", "*", 403},
    };
    struct server server = server_start("");
    check_attempts(&server, attempts, COUNT(attempts));
    server_stop(&server);
}

/* The page of a bundler's development server, which asks crier in its place. */
Test(cors, pages_behind_a_proxy_on_localhost_may_post)
{
    static const struct exchange table[] = {
#define PAGE(origin, site)                                                     \
    "POST /channels/a HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: " origin     \
    "\r\nSec-Fetch-Site: " site "\r\nContent-Length: 1\r\n\r\na"
        {"its own", 200, PAGE("http://localhost:5173", "same-origin"), GOES_ON,
         NULL},
        {"another's", 403, PAGE("http://localhost:5173", "same-site"), CLOSES,
         NULL},
        {"a stranger's, under his name", 403,
         PAGE("http://evil.example:5173", "same-origin"), CLOSES, NULL},
    };
    struct server server = server_start("");
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
}

#define ALLOWED "http://a.example"

Test(cors, allowed_origins_may_post)
{
    static const struct attempt attempts[] = {
        {"localhost:#", ALLOWED, 200},
        {"localhost:#", "https://b.example:8443", 200},
        {"localhost:#", "http://localhost:#", 200},
        {"localhost:#", "", 200},
        {"localhost:#", "https://a.example", 403},
        {"localhost:#", "http://a.example:81", 403},
        {"localhost:#", "http://a.example.evil.example", 403},
        {"localhost:#", "http://c.example", 403},
        {"localhost:#", "null", 403},
    };
    struct server server = server_start(
        "--allow-origin " ALLOWED " --allow-origin https://b.example:8443");
    check_attempts(&server, attempts, COUNT(attempts));
    server_stop(&server);
}

Test(cors, a_star_allows_everybody)
{
    static const struct attempt attempts[] = {
        {"localhost:#", ALLOWED, 200},
        {"localhost:#", "null", 200},
        {"localhost:#", "http://localhost:#", 200},
    };
    struct server server = server_start("--allow-origin *");
    check_attempts(&server, attempts, COUNT(attempts));
    server_stop(&server);
}

/* Whether the name stands in a comma-separated field. */
static bool lists(const char *value, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = value; at != NULL && *at != '\0'; at++)
        if (strncasecmp(at, name, length) == 0 &&
            (at == value || strchr(", ", at[-1]) != NULL) &&
            (at[length] == '\0' || strchr(", ", at[length]) != NULL))
            return true;
    return false;
}

static void expect_allowed(const struct response *response, bool allowed)
{
    const char *origin =
        response_field(response, "Access-Control-Allow-Origin");
    if (!allowed) {
        cr_expect_null(origin, "%s", origin);
        return;
    }
    cr_expect(origin != NULL && strcmp(origin, ALLOWED) == 0, "%s", origin);
    /* Or a cache would hand it to another origin. */
    cr_expect(lists(response_field(response, "Vary"), "Origin"));
    const char *credentials =
        response_field(response, "Access-Control-Allow-Credentials");
    cr_expect(credentials != NULL && strcmp(credentials, "true") == 0, "%s",
              credentials);
    const char *exposed =
        response_field(response, "Access-Control-Expose-Headers");
    cr_expect(lists(exposed, "Last-Event-ID"), "%s", exposed);
    cr_expect(lists(exposed, "Event-Gap"), "%s", exposed);
}

#define GET(target, origin)                                                    \
    "GET " target " HTTP/1.1\r\n" HOST "Origin: " origin "\r\n\r\n"

Test(cors, responses_tell_allowed_origins_alone_that_they_may_read)
{
    struct server server = server_start("--allow-origin " ALLOWED);
    struct client *client = client_connect(&server);
    struct response response = post_from(client, "localhost", ALLOWED);
    expect_allowed(&response, true);
    client_send(client, "POST /update HTTP/1.1\r\n" HOST "Origin: " ALLOWED
                        "\r\nContent-Length: 2\r\n\r\n{}");
    response = client_read(client);
    cr_expect_eq(response.status, 400);
    expect_allowed(&response, true);
    client_close(client);

    static const char *const origins[] = {ALLOWED, "http://c.example"};
    for (size_t i = 0; i < COUNT(origins); i++) {
        client = client_connect(&server);
        client_sendf(client, GET("/subscribe?limit=1", "%s"), origins[i]);
        response = client_read_head(client);
        cr_expect_eq(response.status, 200);
        expect_allowed(&response, i == 0);
        client_close(client);
    }
    server_stop(&server);
}

#define PREFLIGHT(target, origin, method)                                      \
    "OPTIONS " target " HTTP/1.1\r\n" HOST "Origin: " origin "\r\n"            \
    "Access-Control-Request-Method: " method "\r\n"                            \
    "Access-Control-Request-Headers: content-type,x-stainless-lang\r\n\r\n"

static const char *const allowed_fields[] = {
    "Authorization",    "Cache-Control",   "Content-Type",     "Last-Event-ID",
    "X-Requested-With", "Idempotency-Key", "x-stainless-lang",
};

Test(cors, preflights_allow_what_clients_send)
{
    struct server server = server_start("--allow-origin " ALLOWED);
    static const char *const requests[] = {
        PREFLIGHT("/update", ALLOWED, "POST"),
        PREFLIGHT("/subscribe", ALLOWED, "GET"),
    };
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(requests); i++) {
        client_send(client, requests[i]);
        struct response response = client_read(client);
        cr_expect_eq(response.status, 204);
        expect_allowed(&response, true);
        const char *headers =
            response_field(&response, "Access-Control-Allow-Headers");
        for (size_t j = 0; j < COUNT(allowed_fields); j++)
            cr_expect(lists(headers, allowed_fields[j]), "%s", headers);
        cr_expect_null(
            response_field(&response, "Access-Control-Allow-Private-Network"));
        cr_expect(
            lists(response_field(&response, "Access-Control-Allow-Methods"),
                  i == 0 ? "POST" : "GET"));
    }
    client_send(client, PREFLIGHT("/update", "http://c.example", "POST"));
    struct response response = client_read(client);
    expect_allowed(&response, false);
    cr_expect(!lists(response_field(&response, "Access-Control-Allow-Headers"),
                     "x-stainless-lang"));
    client_close(client);
    server_stop(&server);
}

Test(cors, nothing_is_said_unless_the_option_is_given)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client,
                GET("/healthz", ALLOWED) PREFLIGHT("/update", ALLOWED, "POST"));
    struct response response = client_read(client);
    expect_allowed(&response, false);
    response = client_read(client);
    expect_allowed(&response, false);
    client_close(client);
    server_stop(&server);
}

/* DNS rebinding: a name that somebody else owns is made to point here. */
Test(cors, pages_must_use_a_name_of_ours)
{
    static const struct attempt attempts[] = {
        {"evil.example:#", "http://evil.example:#", 403},
        {"evil.example:#", ALLOWED, 200},
        {"evil.example:#", "", 200}, /* no page: curl */
        {"127.0.0.1:#", "http://127.0.0.1:#", 200},
        {"[::1]:#", "http://[::1]:#", 200},
        {"192.168.1.7:#", "http://192.168.1.7:#", 200},
        {"chat.example", "https://chat.example", 200},
        {"Two.Example", "http://two.example", 200},
        {"two.example", ALLOWED, 200},
        {"three.example", "http://three.example", 403},
    };
    struct server server = server_start(
        "--allow-origin " ALLOWED " --server-name chat.example,two.example");
    check_attempts(&server, attempts, COUNT(attempts));
    server_stop(&server);
}

Test(cors, null_is_an_origin_like_others)
{
    static const struct attempt attempts[] = {{"localhost:#", "null", 200},
                                              {"localhost:#", ALLOWED, 403}};
    struct server server = server_start("--allow-origin null");
    check_attempts(&server, attempts, COUNT(attempts));
    server_stop(&server);
}

#define FROM_ALLOWED HOST "Origin: " ALLOWED "\r\n"

/* Whatever it is: the page must be able to read why. */
Test(cors, every_answer_can_be_read)
{
    static const struct {
        int status;
        const char *request;
    } cases[] = {
        {204, "GET /poll HTTP/1.1\r\n" FROM_ALLOWED "\r\n"},
        {200, "GET /poll?after=0 HTTP/1.1\r\n" FROM_ALLOWED "\r\n"},
        {400, "GET /longpoll?wait=0 HTTP/1.1\r\n" FROM_ALLOWED "\r\n"},
        {400, "GET /subscribe?limit=0 HTTP/1.1\r\n" FROM_ALLOWED "\r\n"},
        {304, "GET / HTTP/1.1\r\n" FROM_ALLOWED "If-None-Match: *\r\n\r\n"},
        {206, "GET / HTTP/1.1\r\n" FROM_ALLOWED "Range: bytes=0-0\r\n\r\n"},
        {404, "GET /missing HTTP/1.1\r\n" FROM_ALLOWED "\r\n"},
        {400, "GET /%zz HTTP/1.1\r\n" FROM_ALLOWED "\r\n"},
        {405, "PUT /update HTTP/1.1\r\n" FROM_ALLOWED "\r\n"},
        {501, "BREW /update HTTP/1.1\r\n" FROM_ALLOWED "\r\n"},
        {413, "POST /update HTTP/1.1\r\n" FROM_ALLOWED
              "Content-Length: 65537\r\n\r\n"},
        {417, "POST /update HTTP/1.1\r\n" FROM_ALLOWED "Expect: x\r\n\r\n"},
    };
    struct server server = server_start("--allow-origin " ALLOWED);
    publish(&server, "hello");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct client *client = client_connect(&server);
        client_send(client, cases[i].request);
        struct response response = client_read(client);
        cr_expect_eq(response.status, cases[i].status, "%s: %s",
                     cases[i].request, response.status_line);
        expect_allowed(&response, true);
        client_close(client);
    }
    server_stop(&server);
}

/* By "*", or as "null", which any page can be in a frame. */
Test(cors, credentials_are_for_named_origins_alone)
{
    static const struct {
        const char *origin, *allowed;
        bool credentials;
    } cases[] = {
        {"http://c.example", "*", false},
        {"null", "null", false},
        {"*", "*", false},
        {ALLOWED, ALLOWED, true},
    };
    struct server server =
        server_start("--allow-origin *,null --allow-origin " ALLOWED);
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(cases); i++) {
        client_sendf(client, GET("/healthz", "%s"), cases[i].origin);
        struct response response = client_read(client);
        cr_expect_str_eq(
            response_field(&response, "Access-Control-Allow-Origin"),
            cases[i].allowed);
        cr_expect_eq(response_field(&response,
                                    "Access-Control-Allow-Credentials") != NULL,
                     cases[i].credentials, "%s", cases[i].origin);
        cr_expect(lists(response_field(&response, "Vary"), "Origin"));
    }
    client_close(client);
    server_stop(&server);
}

/* A page of the internet asks before it may reach this machine. */
Test(cors, preflights_for_a_private_network)
{
    static const struct {
        const char *options, *origin;
        bool allowed;
    } cases[] = {
        {"--allow-origin " ALLOWED, ALLOWED, true},
        {"--allow-origin *", "http://c.example", true},
        {"--allow-origin " ALLOWED, "http://c.example", false},
        {"", ALLOWED, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct server server = server_start(cases[i].options);
        struct client *client = client_connect(&server);
        client_sendf(client,
                     "OPTIONS /subscribe HTTP/1.1\r\n" HOST "Origin: %s\r\n"
                     "Access-Control-Request-Method: GET\r\n"
                     "Access-Control-Request-Private-Network: true\r\n\r\n",
                     cases[i].origin);
        struct response response = client_read(client);
        cr_expect_eq(
            response_field(&response, "Access-Control-Allow-Private-Network") !=
                NULL,
            cases[i].allowed, "%s, %s", cases[i].options, cases[i].origin);
        client_close(client);
        server_stop(&server);
    }
}

/* All fields of an answer have room beside the longest name of an origin. */
Test(cors, an_origin_may_have_a_long_name)
{
    char origin[251], options[300];
    memset(origin, 'a', sizeof(origin));
    memcpy(origin, "http://", 7);
    origin[sizeof(origin) - 1] = '\0';
    snprintf(options, sizeof(options), "--allow-origin %s", origin);
    struct server server = server_start(options);
    struct client *client = client_connect(&server);
    client_sendf(client,
                 "GET / HTTP/1.1\r\n" HOST "Origin: %s\r\n"
                 "Range: bytes=0-0\r\n\r\n",
                 origin);
    struct response response = client_read(client);
    cr_expect_eq(response.status, 206);
    cr_expect_str_eq(response_field(&response, "Access-Control-Allow-Origin"),
                     origin);
    client_sendf(client,
                 "OPTIONS / HTTP/1.1\r\n" HOST "Origin: %s\r\n"
                 "Access-Control-Request-Method: GET\r\n"
                 "Access-Control-Request-Private-Network: true\r\n\r\n",
                 origin);
    cr_expect_eq(client_read(client).status, 204);
    client_close(client);
    server_stop(&server);
}
