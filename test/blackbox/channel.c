/* channel: see channel.h. */
#include "channel.h"

#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct client *hear(const struct server *server, const char *name,
                    const char *fields)
{
    struct client *client = client_connect(server);
    client_sendf(client, "GET /channels/%s HTTP/1.1\r\n" HOST "%s\r\n", name,
                 fields);
    struct response response = client_read_head(client);
    if (response.status != 200)
        fail("/channels/%s: '%s'", name, response.status_line);
    read_start(client);
    return client;
}

struct client *hear_after(const struct server *server, const char *name,
                          struct id id)
{
    char field[128];
    snprintf(field, sizeof(field), "Last-Event-ID: %s\r\n", id.text);
    return hear(server, name, field);
}

struct reply tell(const struct server *server, const char *name,
                  const char *fields, const void *body, size_t size)
{
    struct client *client = client_connect(server);
    client_sendf(client,
                 "POST /channels/%s HTTP/1.1\r\n" HOST
                 "Connection: close\r\nContent-Length: %zu\r\n%s\r\n",
                 name, size, fields);
    client_send_bytes(client, body, size);
    struct response response = client_read(client);
    struct reply reply = {response.status, strdup(response.body)};
    client_close(client);
    return reply;
}

struct id say(const struct server *server, const char *name, const char *text)
{
    struct reply reply = tell(server, name, "", text, strlen(text));
    struct id id = {""};
    if (reply.status != 200 ||
        sscanf(reply.body, "{\"id\":\"%63[0-9-]\"}", id.text) != 1)
        fail("POST /channels/%s: %d '%s'", name, reply.status, reply.body);
    free(reply.body);
    return id;
}

void expect_text(struct client *client, const char *text, struct id id)
{
    struct event event = next_message(client);
    cr_expect_str_eq(event.data, text);
    cr_expect_str_eq(event.id, id.text);
    cr_expect_eq(event.retry, 10000);
}

void expect_gap(struct client *client, struct id after, const char *oldest)
{
    struct event event;
    char json[256];
    snprintf(json, sizeof(json), "{\"after\":\"%s\",\"oldest\":%s}", after.text,
             oldest);
    cr_assert(next_event(client, &event));
    cr_assert_not_null(event.name, "no gap, but '%s'", event.raw);
    cr_expect_str_eq(event.name, "gap");
    cr_expect_str_eq(event.data, json);
}
