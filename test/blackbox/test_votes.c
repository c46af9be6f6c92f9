/* The class votes: who may ask, what is counted, and what is told. */
#include "exchange.h"
#include "state.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(votes, .timeout = TEST_SECONDS);

#define POST(query)                                                            \
    "POST /votes" query " HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"
#define GET "GET /votes HTTP/1.1\r\n" HOST "\r\n"

/* Posts a vote, and returns the answer's status. */
static int vote(const struct server *server, const char *question, int voter,
                int choice)
{
    struct client *client = client_connect(server);
    char body[128];
    int len =
        snprintf(body, sizeof(body),
                 "{\"question\":\"%s\",\"choice\":%d,\"voter\":\"%032d\"}",
                 question, choice, voter);
    client_sendf(client,
                 "POST /votes HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n%s",
                 len, body);
    int status = client_read(client).status;
    client_close(client);
    return status;
}

/* Waits for an event whose data has this text. */
static void expect_told(struct client *client, const char *text)
{
    struct event event;
    do
        cr_assert(next_event(client, &event), "no event with %s", text);
    while (event.data == NULL || strstr(event.data, text) == NULL);
}

Test(votes, are_counted_once_for_each_and_told_when_shown)
{
    struct server server = server_start("--classroom");
    struct client *wall = watch(&server, "/votes");
    expect_told(wall, "{\"classroom\":true,\"teacher\":true}");
    cr_expect_eq(vote(&server, "4-1", 1, 1), 409);
    command(&server, "/votes?ask=4-1&choices=3");
    expect_told(wall, "\"shown\":\"nothing\",\"voters\":0}");
    cr_expect_eq(vote(&server, "4-1", 1, 1), 200);
    cr_expect_eq(vote(&server, "4-1", 2, 3), 200);
    cr_expect_eq(vote(&server, "4-1", 1, 3), 200);
    cr_expect_eq(vote(&server, "4-2", 3, 3), 409);
    expect_told(wall, "\"shown\":\"nothing\",\"voters\":2}");
    command(&server, "/votes?show=votes");
    expect_told(wall, "\"shown\":\"votes\",\"voters\":2,\"votes\":[0,0,2]}");
    cr_expect_eq(vote(&server, "4-1", 3, 2), 200);
    expect_told(wall, "\"voters\":3,\"votes\":[0,1,2]}");
    command(&server, "/votes?show=answer");
    expect_told(wall, "\"shown\":\"answer\"");
    cr_expect_eq(vote(&server, "4-1", 4, 2), 409);
    command(&server, "/votes?ask=4-1&choices=3");
    expect_told(wall, "\"shown\":\"nothing\",\"voters\":0}");
    command(&server, "/votes?end");
    expect_told(wall, "{\"classroom\":true,\"teacher\":true}");
    server_stop(&server);
    struct event event;
    cr_expect(next_event(wall, &event) && event.retry > 0);
    cr_expect(client_closed(wall) && wall->complete);
    client_close(wall);
}

#define BODY(length, text)                                                     \
    "POST /votes HTTP/1.1\r\n" HOST "Content-Length: " length "\r\n\r\n" text
#define VOTER "\"voter\":\"0123456789abcdef0123456789abcdef\""

Test(votes, a_mistake_is_told_and_counts_nothing)
{
    static const struct exchange exchanges[] = {
        {"nothing is asked", 409,
         BODY("72", "{\"question\":\"4-1\",\"choice\":1," VOTER "}"), GOES_ON,
         "{\"error\":\"this question is not asked now, or its answer is "
         "shown\"}"},
        {"nothing to show", 400, POST("?show=votes"), GOES_ON, NULL},
        {"ask", 200, POST("?ask=4-1&choices=3"), GOES_ON, NULL},
        {"no JSON", 400, BODY("1", "{"), GOES_ON,
         "{\"error\":\"write {\\\"question\\\":\\\"4-1\\\",\\\"choice\\\":2,"
         "\\\"voter\\\":\\\"32 digits from 0 to f\\\"}\"}"},
        {"no body", 400, POST(""), GOES_ON, NULL},
        {"no object", 400, BODY("2", "[]"), GOES_ON, NULL},
        {"no voter", 400, BODY("29", "{\"question\":\"4-1\",\"choice\":1}"),
         GOES_ON, NULL},
        {"a voter of other digits", 400,
         BODY("72", "{\"question\":\"4-1\",\"choice\":1,"
                    "\"voter\":\"0123456789ABCDEF0123456789abcdef\"}"),
         GOES_ON, NULL},
        {"no choice", 400, BODY("61", "{\"question\":\"4-1\"," VOTER "}"),
         GOES_ON, NULL},
        {"choice 4", 400,
         BODY("72", "{\"question\":\"4-1\",\"choice\":4," VOTER "}"), GOES_ON,
         NULL},
        {"choice 1.5", 400,
         BODY("74", "{\"question\":\"4-1\",\"choice\":1.5," VOTER "}"), GOES_ON,
         NULL},
        {"U+0000 behind the question", 400,
         BODY("78", "{\"question\":\"4-1\\u0000\",\"choice\":1," VOTER "}"),
         GOES_ON, NULL},
        {"choice as text", 400,
         BODY("74", "{\"question\":\"4-1\",\"choice\":\"1\"," VOTER "}"),
         GOES_ON, NULL},
        {"no command", 400, POST("?aks=4-1&choices=3"), GOES_ON,
         "{\"error\":\"write ask=NAME&choices=N, N from 2 to 6; show=nothing, "
         "votes or answer, while a question is asked; or end\"}"},
        {"a name that is none", 400, POST("?ask=4%221&choices=3"), GOES_ON,
         NULL},
        {"no choices", 400, POST("?ask=4-1"), GOES_ON, NULL},
        {"one choice", 400, POST("?ask=4-1&choices=1"), GOES_ON, NULL},
        {"too many", 400, POST("?ask=4-1&choices=7"), GOES_ON, NULL},
        {"show what", 400, POST("?show=all"), GOES_ON, NULL},
        {"a foreign page", 403,
         "POST /votes?end HTTP/1.1\r\n" HOST
         "Origin: http://a.example\r\nContent-Length: 0\r\n\r\n",
         GOES_ON, NULL},
        {"a page under a foreign name", 403,
         "GET /votes HTTP/1.1\r\nHost: evil.example\r\n"
         "User-Agent: Mozilla/5.0\r\n\r\n",
         GOES_ON, NULL},
        {"another method", 405,
         "PUT /votes HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", GOES_ON,
         "Allow: GET, HEAD, POST, OPTIONS"},
    };
    struct server server = server_start("--classroom");
    check_exchanges(&server, exchanges, COUNT(exchanges));
    struct client *client = client_connect(&server);
    client_send(client, GET);
    struct response response = client_read(client);
    cr_expect_not_null(strstr(response.body, "\"voters\":0}"));
    cr_expect_str_eq(response_field(&response, "Cache-Control"), "no-store");
    client_close(client);
    server_stop(&server);
}

Test(votes, a_body_is_short)
{
    struct server server = server_start("--classroom");
    struct client *client = client_connect(&server);
    char *body = calloc(1, 1026);
    memset(body, ' ', 1025);
    client_sendf(
        client,
        "POST /votes HTTP/1.1\r\n" HOST "Content-Length: 1025\r\n\r\n%s", body);
    cr_expect_eq(client_read(client).status, 413);
    free(body);
    client_close(client);
    server_stop(&server);
}

#define TEACHER                                                                \
    "{\"error\":\"only this machine may ask the class, and nobody with "       \
    "--server-name\"}"

Test(votes, need_a_class_and_its_teacher)
{
    static const struct exchange alone[] = {
        {"GET", 200, GET, GOES_ON, "{\"classroom\":false,\"teacher\":true}"},
        {"ask", 403, POST("?ask=4-1&choices=3"), GOES_ON,
         "{\"error\":\"votes need --classroom\"}"},
        {"vote", 403, POST(""), GOES_ON, NULL},
    };
    static const struct exchange behind_a_proxy[] = {
        {"GET", 200, GET, GOES_ON, "{\"classroom\":true,\"teacher\":false}"},
        {"ask", 403, POST("?ask=4-1&choices=3"), GOES_ON, TEACHER},
        {"end", 403, POST("?end"), GOES_ON, TEACHER},
    };
    struct server server = server_start("");
    check_exchanges(&server, alone, COUNT(alone));
    server_stop(&server);
    server = server_start("--classroom --server-name class.example.com");
    check_exchanges(&server, behind_a_proxy, COUNT(behind_a_proxy));
    server_stop(&server);
}

/* The teacher's browser may use the address that the banner tells. */
Test(votes, the_teacher_is_on_this_machine_by_any_address)
{
    struct server server = server_start("--host 0.0.0.0 --classroom");
    struct client *client = client_connect_from_outside(&server);
    client_send(client, GET);
    struct response response = client_read(client);
    cr_expect_not_null(strstr(response.body, "\"teacher\":true,\"host\":\""),
                       "%s", response.body);
    client_close(client);
    server_stop(&server);
}

/* What comes to 127.0.0.1 from another address looks as a phone does. */
Test(votes, a_phone_may_vote_but_not_ask)
{
    struct server server = server_start("--host 0.0.0.0 --classroom");
    struct client *phone = client_connect_from_outside(&server);
    struct sockaddr_in own, there = {.sin_family = AF_INET};
    socklen_t len = sizeof(own);
    getsockname(phone->fd, (struct sockaddr *)&own, &len);
    close(phone->fd);
    own.sin_port = 0;
    there.sin_port = htons((uint16_t)server.port);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    phone->fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(phone->fd, (struct sockaddr *)&own, sizeof(own)), 0);
    cr_assert_eq(connect(phone->fd, (struct sockaddr *)&there, sizeof(there)),
                 0);
    client_send(phone, POST("?ask=4-1&choices=3"));
    cr_expect_eq(client_read(phone).status, 403);
    command(&server, "/votes?ask=4-1&choices=3");
    client_send(phone,
                BODY("72", "{\"question\":\"4-1\",\"choice\":1," VOTER "}"));
    struct response response = client_read(phone);
    cr_expect_eq(response.status, 200);
    cr_expect_not_null(strstr(response.body, "{\"classroom\":true,"
                                             "\"teacher\":false,\"question\""));
    cr_expect_not_null(strstr(response.body, "\"voters\":1}"));
    client_close(phone);
    server_stop(&server);
}

Test(votes, a_stream_without_news_has_heartbeats)
{
    struct server server = server_start("--classroom --heartbeat 1");
    struct client *client = watch(&server, "/votes");
    struct event event;
    expect_told(client, "\"classroom\"");
    cr_assert(next_block(client, &event));
    cr_expect(event.comment && event.data == NULL);
    client_close(client);
    client = client_connect(&server);
    client_send(client, "HEAD /votes HTTP/1.1\r\n" HOST
                        "Accept: text/event-stream\r\n\r\n");
    cr_expect_eq(client_read_head(client).status, 200);
    client_close(client);
    server_stop(&server);
}
