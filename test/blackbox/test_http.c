/* HTTP/1.1: versions, methods, targets, persistent connections, pipelining. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

TestSuite(http, .timeout = TEST_SECONDS);

#define GET "GET /healthz HTTP/1.1\r\n"

Test(http, connections_persist_as_the_version_and_the_client_say)
{
    static const struct exchange table[] = {
        {"1.1", 200, GET HOST "\r\n", GOES_ON, NULL},
        {"1.1 close", 200, GET HOST "Connection: close\r\n\r\n", CLOSES, NULL},
        {"any case", 200, GET HOST "CONNECTION: Close\r\n\r\n", CLOSES, NULL},
        {"in a list", 200, GET HOST "Connection: x-y ,\t, close\r\n\r\n",
         CLOSES, NULL},
        {"in a second field", 200,
         GET HOST "Connection: keep-alive\r\n"
                  "Connection: close\r\n\r\n",
         CLOSES, NULL},
        {"not close", 200, GET HOST "Connection: closed\r\n\r\n", GOES_ON,
         NULL},
        {"1.0", 200, "GET /healthz HTTP/1.0\r\n\r\n", CLOSES, NULL},
        {"1.0 keep-alive", 200,
         "GET /healthz HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", GOES_ON,
         "Connection: keep-alive"},
        {"1.0 close wins", 200,
         "GET /healthz HTTP/1.0\r\n"
         "Connection: keep-alive, close\r\n\r\n",
         CLOSES, NULL},
        {"1.0 with Host", 200, "GET /healthz HTTP/1.0\r\n" HOST "\r\n", CLOSES,
         NULL},
        {"after 404", 404, "GET /x HTTP/1.1\r\n" HOST "\r\n", GOES_ON, NULL},
        {"after 400 of a body", 400,
         "POST /update HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}",
         GOES_ON, NULL},
    };
    struct server server = server_start("");
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
}

Test(http, heads_are_read_as_the_grammar_allows)
{
    static const struct exchange table[] = {
        {"name's case", 200, GET "hOsT: localhost\r\n\r\n", GOES_ON, NULL},
        {"blanks around a value", 200,
         GET "Host:\t localhost \t \r\nX:\r\nY:z\r\n\r\n", GOES_ON, NULL},
        {"obs-text in a value", 200, GET HOST "X: \xe9\r\n\r\n", GOES_ON, NULL},
        {"every token character", 200,
         GET HOST "!#$%&'*+-.^_`|~09azAZ: x\r\n\r\n", GOES_ON, NULL},
        {"colons in a value", 200, GET HOST "X: :a: b\r\n\r\n", GOES_ON, NULL},
        {"Host with a port", 200, GET "Host: a.b:3000\r\n\r\n", GOES_ON, NULL},
        {"Host in IPv6", 200, GET "Host: [::1]:3000\r\n\r\n", GOES_ON, NULL},
        {"an empty line before", 200, "\r\n" GET HOST "\r\n", GOES_ON, NULL},
        {"absolute-form", 200,
         "GET http://localhost/healthz HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
         NULL},
        {"absolute-form, any case, with a query", 200,
         "GET HTTP://other:80/healthz?x HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
         NULL},
        {"query", 200, "GET /healthz?a=b HTTP/1.1\r\n" HOST "\r\n", GOES_ON,
         NULL},
        {"a later 1.x", 200, "GET /healthz HTTP/1.2\r\n" HOST "\r\n", GOES_ON,
         NULL},
        {"a body on GET", 200, GET HOST "Content-Length: 5\r\n\r\nhello",
         GOES_ON, NULL},
        {"a chunked body on GET", 200,
         GET HOST "Transfer-Encoding: chunked\r\n\r\n"
                  "5\r\nhello\r\n0\r\n\r\n",
         GOES_ON, NULL},
        {"a body on a file", 404,
         "GET /missing HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
         GOES_ON, NULL},
    };
    struct server server = server_start("");
    check_exchanges(&server, table, COUNT(table));
    server_stop(&server);
}

#define BARE(method, target) method " " target " HTTP/1.1\r\n" HOST "\r\n"

Test(http, methods_get_405_with_allow_or_501)
{
    static const struct exchange table[] = {
        {"GET /update", 405, BARE("GET", "/update"), GOES_ON,
         "Allow: POST, OPTIONS"},
        {"HEAD /update", 405, BARE("HEAD", "/update"), GOES_ON,
         "Allow: POST, OPTIONS"},
        {"PUT /update", 405, BARE("PUT", "/update"), GOES_ON,
         "Allow: POST, OPTIONS"},
        {"POST /subscribe", 405, BARE("POST", "/subscribe"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"POST /healthz", 405, BARE("POST", "/healthz"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"DELETE /metrics", 405, BARE("DELETE", "/metrics"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"PATCH /", 405, BARE("PATCH", "/"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"TRACE /", 405, BARE("TRACE", "/"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"POST /", 405, BARE("POST", "/"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"POST /index.html", 405, BARE("POST", "/index.html"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"POST /missing", 404, BARE("POST", "/missing"), GOES_ON,
         "Not Found\n"},
        {"PUT /missing", 404, BARE("PUT", "/missing"), GOES_ON, NULL},
        {"DELETE /missing/", 404, BARE("DELETE", "/missing/"), GOES_ON, NULL},
        {"POST /update/", 404, BARE("POST", "/update/"), GOES_ON, NULL},
        {"POST /../x", 404, BARE("POST", "/../x"), GOES_ON, NULL},
        {"POST /.env", 404, BARE("POST", "/.env"), GOES_ON, NULL},
        {"OPTIONS /missing", 204, BARE("OPTIONS", "/missing"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"OPTIONS /", 204, BARE("OPTIONS", "/"), GOES_ON,
         "Allow: GET, HEAD, OPTIONS"},
        {"OPTIONS /update", 204, BARE("OPTIONS", "/update"), GOES_ON,
         "Allow: POST, OPTIONS"},
        {"OPTIONS *", 204, BARE("OPTIONS", "*"), GOES_ON, NULL},
    };
    static const char *const unknown[] = {
        "get", "CONNECT", "BREW", "GETS", "G", "PROPFIND", "Get", "M-SEARCH"};
    struct server server = server_start("");
    check_exchanges(&server, table, COUNT(table));
    for (size_t i = 0; i < COUNT(unknown); i++) {
        struct client *client = client_connect(&server);
        client_sendf(client, "%s %s HTTP/1.1\r\n" HOST "\r\n", unknown[i],
                     strcmp(unknown[i], "CONNECT") == 0 ? "a:80" : "/");
        cr_expect_eq(client_read(client).status, 501, "%s", unknown[i]);
        client_close(client);
    }
    server_stop(&server);
}

Test(http, a_204_has_no_length)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, BARE("OPTIONS", "/"));
    struct response response = client_read(client);
    cr_expect_eq(response.status, 204);
    cr_expect_null(response_field(&response, "Content-Length"));
    client_close(client);
    server_stop(&server);
}

Test(http, head_is_get_without_the_body)
{
    static const char *const targets[] = {"/healthz", "/missing"};
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(targets); i++) {
        client_sendf(client,
                     "GET %s HTTP/1.1\r\n" HOST "\r\n"
                     "HEAD %s HTTP/1.1\r\n" HOST "\r\n",
                     targets[i], targets[i]);
        struct response response = client_read(client);
        int status = response.status;
        char *length = strdup(response_field(&response, "Content-Length"));
        response = client_read_head(client);
        cr_expect_eq(response.status, status);
        cr_expect_str_eq(response_field(&response, "Content-Length"), length);
        free(length);
    }
    client_send(client, GET HOST "Connection: close\r\n\r\n");
    cr_expect_eq(client_read(client).status, 200);
    client_close(client);
    server_stop(&server);
}

Test(http, responses_carry_the_date)
{
    static const char *const targets[] = {"/healthz", "/missing", "/metrics",
                                          "/update"};
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    for (size_t i = 0; i < COUNT(targets); i++) {
        client_sendf(client, "GET %s HTTP/1.1\r\n" HOST "\r\n", targets[i]);
        struct response response = client_read(client);
        const char *date = response_field(&response, "Date");
        cr_assert_not_null(date, "%s has no Date", targets[i]);
        struct tm parts = {0};
        const char *rest = strptime(date, "%a, %d %b %Y %T GMT", &parts);
        cr_assert(rest != NULL && *rest == '\0' && strlen(date) == 29, "'%s'",
                  date);
        double age = difftime(time(NULL), timegm(&parts));
        cr_expect(age >= -1 && age <= HARNESS_PATIENCE, "'%s'", date);
    }
    client_close(client);
    server_stop(&server);
}

/* The server may close instead of reading a body that it does not want. */
Test(http, an_unwanted_body_is_never_read_as_a_request)
{
    static const char inner[] = "GET /metrics HTTP/1.1\r\n" HOST "\r\n";
    static const char *const targets[] = {"/healthz", "/subscribe", "/x", "/"};
    struct server server = server_start("");
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct client *client = client_connect(&server);
        client_sendf(client,
                     "POST %s HTTP/1.1\r\n" HOST
                     "Content-Length: %zu\r\n\r\n%s" GET HOST "\r\n",
                     targets[i], sizeof(inner) - 1, inner);
        struct response response = client_read(client);
        const char *connection = response_field(&response, "Connection");
        cr_expect_eq(response.status, strcmp(targets[i], "/x") ? 405 : 404);
        if (connection != NULL && strcmp(connection, "close") == 0)
            cr_expect(client_closed(client));
        else
            cr_expect_eq(*client_read(client).body, '{');
        client_close(client);
    }
    server_stop(&server);
}

#define PIPELINE                                                               \
    "GET /healthz HTTP/1.1\r\n" HOST "\r\n"                                    \
    "HEAD /missing HTTP/1.1\r\n" HOST "\r\n"                                   \
    "POST /update HTTP/1.1\r\n" HOST "Content-Length: 14\r\n\r\n"              \
    "{\"text\": \"hi\"}"                                                       \
    "GET /missing HTTP/1.1\r\n" HOST "\r\n"                                    \
    "POST /update HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"      \
    "7\r\n{\"text\"\r\n7\r\n: \"hi\"}\r\n0\r\n\r\n"                            \
    "OPTIONS * HTTP/1.1\r\n" HOST "\r\n"                                       \
    "POST /update HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}"             \
    "GET /healthz HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"

static void check_pipeline(struct client *client)
{
    static const int statuses[] = {200, 404, 200, 404, 200, 204, 400, 200};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct response response =
            i == 1 ? client_read_head(client) : client_read(client);
        cr_expect_eq(response.status, statuses[i], "response %zu: '%s'", i,
                     response.status_line);
    }
    cr_expect(client_closed(client));
}

Test(http, pipelined_requests_are_answered_in_order)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, PIPELINE);
    check_pipeline(client);
    client_close(client);
    server_stop(&server);
}

Test(http, however_the_bytes_are_split_the_answers_are_the_same)
{
    struct server server = server_start("");
    static const size_t sizes[] = {1, 2, 3, 7, 61};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct client *client = client_connect(&server);
        size_t length = strlen(PIPELINE);
        for (size_t at = 0; at < length; at += sizes[i])
            client_send_bytes(client, &PIPELINE[at],
                              length - at < sizes[i] ? length - at : sizes[i]);
        check_pipeline(client);
        client_close(client);
    }
    server_stop(&server);
}

/* More than any buffer for reading holds. */
Test(http, a_thousand_requests_may_be_pipelined)
{
    struct server server = server_start("");
    publish_burst(&server, 1000);
    cr_expect_eq(healthz(&server, "messages"), 1000);
    server_stop(&server);
}
