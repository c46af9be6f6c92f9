/* Faults on purpose: what strikes a live stream, how often, and who may ask. */
#include "exchange.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(faults, .timeout = TEST_SECONDS);

#define POST(query)                                                            \
    "POST /faults" query " HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"
#define GET "GET /faults HTTP/1.1\r\n" HOST "\r\n"

static void expect_left(const struct server *server, const char *json)
{
    struct client *client = client_connect(server);
    client_send(client, GET);
    cr_expect_str_eq(client_read(client).body, json);
    client_close(client);
}

Test(faults, are_off_until_they_are_asked_for)
{
    static const struct exchange exchanges[] = {
        {"at the start", 200, GET, GOES_ON,
         "{\"drop\":0,\"reset\":0,\"stall\":0,\"split\":0,\"refuse\":0,"
         "\"ms\":5000}"},
        {"some", 200, POST("?drop=3&stall=1000&ms=250"), GOES_ON,
         "{\"drop\":3,\"reset\":0,\"stall\":1000,\"split\":0,\"refuse\":0,"
         "\"ms\":250}"},
        {"a word that is none", 400, POST("?dorp=3"), GOES_ON,
         "{\"error\":\"write drop=N, reset=N, stall=N, split=N or refuse=N, N "
         "from 0 to 1000, and ms=N for a stall\"}"},
        {"no number", 400, POST("?drop"), GOES_ON, NULL},
        {"a negative one", 400, POST("?drop=-1"), GOES_ON, NULL},
        {"too many", 400, POST("?drop=1001"), GOES_ON, NULL},
        {"too long", 400, POST("?stall=1&ms=3600001"), GOES_ON, NULL},
        {"nothing", 400, POST("?drop=1&&stall=1"), GOES_ON, NULL},
        {"a mistake changes nothing", 200, GET, GOES_ON,
         "{\"drop\":3,\"reset\":0,\"stall\":1000,\"split\":0,\"refuse\":0,"
         "\"ms\":250}"},
        {"all off", 200, POST(""), GOES_ON,
         "{\"drop\":0,\"reset\":0,\"stall\":0,\"split\":0,\"refuse\":0,"
         "\"ms\":5000}"},
    };
    struct server server = server_start("");
    check_exchanges(&server, exchanges, COUNT(exchanges));
    server_stop(&server);
}

/* The third stream lives; it gets what the others did not. */
Test(faults, drop_strikes_as_many_streams_and_loses_nothing)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    char id[64];
    struct event event;
    snprintf(id, sizeof(id), "%s", client->start_id);
    command(&server, "/faults?drop=2");
    publish(&server, "hello");
    for (int i = 0; i < 2; i++) {
        cr_expect(!next_event(client, &event));
        cr_expect(!client->complete && !client->was_reset);
        client_close(client);
        client = subscribe_after(&server, id, "");
    }
    cr_expect_not_null(strstr(next_message(client).data, "\"hello\""));
    expect_left(&server, "{\"drop\":0,\"reset\":0,\"stall\":0,\"split\":0,"
                         "\"refuse\":0,\"ms\":5000}");
    client_close(client);
    free(server_log_line(&server, "fault on purpose: drop"));
    server_stop(&server);
}

Test(faults, reset_is_a_reset)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    struct event event;
    command(&server, "/faults?reset=1");
    publish(&server, "hello");
    cr_expect(!next_event(client, &event));
    cr_expect(client->was_reset);
    client_close(client);
    server_stop(&server);
}

Test(faults, stall_holds_messages_back)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    double started = seconds_now();
    command(&server, "/faults?stall=1&ms=400");
    publish(&server, "late");
    cr_expect_not_null(strstr(next_message(client).data, "\"late\""));
    cr_expect_geq(seconds_now() - started, 0.4);
    client_close(client);
    server_stop(&server);
}

/* Both arrive; the second in one piece. */
Test(faults, split_cuts_events_into_bytes)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    char chunk[64];
    client_send(client, "GET /subscribe HTTP/1.1\r\n" HOST "\r\n");
    client_read_bytes(client, client_find(client, "\n\n\r\n"));
    command(&server, "/faults?split=1");
    publish(&server, "한");
    cr_expect_str_eq(client_read_bytes(client, 12), "1\r\nr\r\n1\r\ne\r\n");
    client_read_bytes(client, client_find(client, "1\r\n\n\r\n1\r\n\n\r\n"));
    publish(&server, "whole");
    client_find(client, "\"whole\"");
    snprintf(chunk, sizeof(chunk), "%s", client_read_bytes(client, 10));
    cr_expect_not_null(strstr(chunk, "\r\nretry:"), "%s", chunk);
    client_close(client);
    server_stop(&server);
}

Test(faults, refuse_is_a_503)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    command(&server, "/faults?refuse=1");
    client_send(client, "HEAD /subscribe HTTP/1.1\r\n" HOST "\r\n");
    cr_expect_eq(client_read_head(client).status, 200);
    client_close(client);
    client = client_connect(&server);
    client_send(client, "GET /subscribe HTTP/1.1\r\n" HOST "\r\n");
    struct response response = client_read(client);
    cr_expect_eq(response.status, 503);
    cr_expect_not_null(response_field(&response, "Retry-After"));
    client_close(client);
    client_close(subscribe(&server, "", ""));
    client = client_connect(&server);
    client_send(client, "GET /metrics HTTP/1.1\r\n" HOST "\r\n");
    response = client_read(client);
    cr_expect_not_null(
        strstr(response.body, "\ncrier_faults_total{kind=\"refuse\"} 1\n"));
    cr_expect_not_null(
        strstr(response.body, "\ncrier_faults_left{kind=\"refuse\"} 0\n"));
    client_close(client);
    server_stop(&server);
}

Test(faults, the_servers_end_ends_a_stall)
{
    struct server server = server_start("");
    struct client *client = subscribe(&server, "", "");
    struct event event;
    command(&server, "/faults?stall=1&ms=3600000");
    publish(&server, "hello");
    free(server_log_line(&server, "fault on purpose: stall"));
    server_stop(&server);
    cr_expect_not_null(strstr(next_message(client).data, "\"hello\""));
    cr_expect(next_event(client, &event) && event.retry > 0);
    cr_expect(client_closed(client) && client->complete);
    client_close(client);
}

#define ONLY                                                                   \
    "{\"error\":\"only this machine may ask for faults, or everybody with "    \
    "--classroom; with --server-name only the latter\"}"

/* With a name, a proxy may stand in front, and all come from this machine. */
Test(faults, this_machine_alone_may_ask)
{
    static const struct exchange refused[] = {
        {"POST", 403, POST("?drop=1"), GOES_ON, ONLY},
        {"GET", 403, GET, GOES_ON, ONLY},
    };
    static const struct exchange class[] = {
        {"POST", 200, POST("?drop=1"), GOES_ON,
         "{\"drop\":1,\"reset\":0,\"stall\":0,\"split\":0,\"refuse\":0,"
         "\"ms\":5000}"},
        {"a foreign page", 403,
         "POST /faults?drop=1 HTTP/1.1\r\n" HOST
         "Origin: http://a.example\r\nContent-Length: 0\r\n\r\n",
         GOES_ON, NULL},
    };
    struct server server = server_start("--server-name chat.example.com");
    check_exchanges(&server, refused, COUNT(refused));
    server_stop(&server);
    server = server_start("--server-name chat.example.com --classroom");
    check_exchanges(&server, class, COUNT(class));
    server_stop(&server);
}

Test(faults, other_machines_may_ask_in_a_classroom_alone)
{
    static const char *const options[] = {"--host 0.0.0.0",
                                          "--host 0.0.0.0 --classroom"};
    for (size_t i = 0; i < COUNT(options); i++) {
        struct server server = server_start(options[i]);
        struct client *client = client_connect_from_outside(&server);
        client_send(client, POST("?drop=1"));
        cr_expect_eq(client_read(client).status, i == 0 ? 403 : 200);
        client_close(client);
        server_stop(&server);
    }
}
