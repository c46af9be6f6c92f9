/* What crier's own tests say most: subscribe, read events, post, healthz. */
#include "harness.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEARTBEAT ":\n\n"

struct client *subscribe(const struct server *server, const char *query,
                         const char *fields)
{
    struct client *client = client_connect(server);
    client_sendf(client,
                 "GET /subscribe%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
                 query, fields);
    struct response response = client_read_head(client);
    if (response.status != 200)
        fail("/subscribe: '%s'", response.status_line);
    read_start(client);
    return client;
}

struct client *subscribe_after(const struct server *server, const char *id,
                               const char *query)
{
    char *field;
    if (asprintf(&field, "Last-Event-ID: %s\r\n", id) < 0)
        fail("out of memory");
    struct client *client = subscribe(server, query, field);
    free(field);
    return client;
}

static void parse_line(struct event *event, const char *line)
{
    if (*line == ':')
        event->comment = true;
    else if (strncmp(line, "retry: ", 7) == 0 && event->retry < 0)
        event->retry = atol(line + 7);
    else if (strncmp(line, "id: ", 4) == 0 && event->id == NULL)
        event->id = line + 4;
    else if (strncmp(line, "event: ", 7) == 0 && event->name == NULL)
        event->name = line + 7;
    else if (strncmp(line, "data: ", 6) == 0 && event->data == NULL)
        event->data = line + 6;
    else
        fail("an unexpected line in a stream: '%s'", line);
}

bool next_block(struct client *client, struct event *event)
{
    *event = (struct event){.retry = -1};
    size_t size = client_find(client, "\n\n");
    bool whole = size > 0;
    event->raw_size = whole ? size : client->end - client->start;
    event->raw = client_take(client, &client->raw, event->raw_size);

    char *rest = client->text = realloc(client->text, event->raw_size + 1);
    memcpy(rest, event->raw, event->raw_size + 1);
    while (whole && *rest != '\n')
        parse_line(event, strsep(&rest, "\n"));
    return whole;
}

bool next_event(struct client *client, struct event *event)
{
    double start = seconds_now();
    do {
        if (seconds_now() - start > harness_patience())
            fail("nothing but heartbeats for %d s", harness_patience());
        if (!next_block(client, event))
            return false;
    } while (strcmp(event->raw, HEARTBEAT) == 0);
    return true;
}

struct event next_message(struct client *client)
{
    struct event event;
    if (!next_event(client, &event))
        fail("the stream ended before a message; left over: '%s'", event.raw);
    if (event.id == NULL || event.data == NULL || event.name != NULL)
        fail("not a message: '%s'", event.raw);
    return event;
}

void read_start(struct client *client)
{
    struct event event;
    if (*client_read_bytes(client, 1) != '\n')
        fail("the stream does not begin with a blank line");
    if (!next_block(client, &event) || event.id == NULL || event.retry < 0 ||
        event.data != NULL || event.name != NULL || event.comment)
        fail("the stream does not begin with retry and id: '%s'", event.raw);
    client->start_retry = event.retry;
    snprintf(client->start_id, sizeof(client->start_id), "%s", event.id);
}

struct reply post_body(const struct server *server, const void *body,
                       size_t size)
{
    struct client *client = client_connect(server);
    client_sendf(client,
                 "POST /update HTTP/1.1\r\nHost: localhost\r\n"
                 "Connection: close\r\nContent-Length: %zu\r\n\r\n",
                 size);
    client_send_bytes(client, body, size);
    struct response response = client_read(client);
    struct reply reply = {response.status, strdup(response.body)};
    client_close(client);
    return reply;
}

struct reply post(const struct server *server, const char *text)
{
    json_t *object = json_pack("{s:s}", "text", text);
    if (object == NULL)
        fail("post wants UTF-8");
    char *body = json_dumps(object, JSON_COMPACT);
    struct reply reply = post_body(server, body, strlen(body));
    free(body);
    json_decref(object);
    return reply;
}

/* An integer member of a JSON object; the text is the object. */
static long long member(const char *text, const char *name)
{
    json_error_t error;
    json_t *object = json_loads(text, 0, &error);
    json_t *value = json_object_get(object, name);
    if (!json_is_integer(value))
        fail("no integer '%s' in '%s'", name, text);
    long long number = json_integer_value(value);
    json_decref(object);
    return number;
}

long long publish(const struct server *server, const char *text)
{
    struct reply reply = post(server, text);
    if (reply.status != 200)
        fail("POST /update: %d '%s'", reply.status, reply.body);
    long long timestamp = member(reply.body, "timestamp");
    free(reply.body);
    return timestamp;
}

void publish_burst(const struct server *server, int count)
{
    struct client *client = client_connect(server);
    for (int i = 0; i < count; i++) {
        char body[32];
        int size = snprintf(body, sizeof(body), "{\"text\":\"%d\"}", i);
        client_sendf(client,
                     "POST /update HTTP/1.1\r\nHost: localhost\r\n"
                     "Content-Length: %d\r\n\r\n%s",
                     size, body);
    }
    for (int i = 0; i < count; i++) {
        struct response response = client_read(client);
        if (response.status != 200)
            fail("POST /update: '%s'", response.status_line);
    }
    client_close(client);
}

/* -1 if the server is full. */
static long long ask_healthz(const struct server *server, const char *name)
{
    struct client *client = client_connect(server);
    client_send(client, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                        "Connection: close\r\n\r\n");
    struct response response = client_read(client);
    if (response.status != 200 && response.status != 503)
        fail("/healthz: '%s'", response.status_line);
    long long number =
        response.status == 503 ? -1 : member(response.body, name);
    client_close(client);
    return number;
}

long long healthz(const struct server *server, const char *name)
{
    long long number = ask_healthz(server, name);
    if (number < 0)
        fail("/healthz: the server is full");
    return number;
}

void wait_healthz(const struct server *server, const char *name,
                  long long expected)
{
    char awaited[128] = "";
    double begin = seconds_now();
    for (;; wait_a_moment(begin, awaited)) {
        long long number = ask_healthz(server, name);
        if (number == expected)
            return;
        snprintf(awaited, sizeof(awaited), "%s %lld in /healthz, it is %lld",
                 name, expected, number);
    }
}
