/* state: see state.h. */
#include "state.h"

#include "exchange.h"

#include <stdlib.h>
#include <string.h>

json_t *parse_json(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, 0, &error);
    if (json == NULL)
        fail("%s: %s", error.text, text);
    return json;
}

json_t *look(const struct server *server, const char *target)
{
    struct client *client = client_connect(server);
    client_sendf(client, "GET %s HTTP/1.1\r\n" HOST "\r\n", target);
    struct response response = client_read(client);
    if (response.status != 200)
        fail("%s: %d %s", target, response.status, response.body);
    cr_expect_str_eq(response_field(&response, "Content-Type"),
                     "application/json");
    json_t *json = parse_json(response.body);
    client_close(client);
    return json;
}

struct client *watch(const struct server *server, const char *target)
{
    struct client *client = client_connect(server);
    client_sendf(client,
                 "GET %s HTTP/1.1\r\n" HOST "Accept: text/event-stream\r\n\r\n",
                 target);
    struct response response = client_read_head(client);
    if (response.status != 200)
        fail("%s: '%s'", target, response.status_line);
    cr_expect_str_eq(response_field(&response, "Content-Type"),
                     "text/event-stream; charset=utf-8");
    client_read_bytes(client, 1); /* the first blank line */
    return client;
}

json_t *next_state(struct client *watcher)
{
    struct event event;
    do {
        if (!next_event(watcher, &event))
            fail("the stream ended; left over: '%s'", event.raw);
    } while (event.data == NULL || event.name != NULL);
    return parse_json(event.data);
}

struct reply command_with(const struct server *server, const char *target,
                          const char *fields)
{
    struct client *client = client_connect(server);
    client_sendf(client,
                 "POST %s HTTP/1.1\r\n" HOST "%sContent-Length: 0\r\n\r\n",
                 target, fields);
    struct response response = client_read(client);
    struct reply reply = {response.status, strdup(response.body)};
    client_close(client);
    return reply;
}

void command(const struct server *server, const char *target)
{
    struct reply reply = command_with(server, target, "");
    if (reply.status != 200)
        fail("%s: %d %s", target, reply.status, reply.body);
    free(reply.body);
}
