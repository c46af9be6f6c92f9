#include "stall.h"

#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE = 60000, BODY = 60000 };

#define BEGINNING "{\"text\":"
#define END       "\"hello\"}"

const char *large_text(void)
{
    static char text[LARGE + 1];
    memset(text, 'x', LARGE);
    return text;
}

static bool somebody_is_in_sendmsg(const struct server *server)
{
    struct client *client = client_connect(server);
    client_send(client, "GET /threads HTTP/1.1\r\n" HOST "\r\n");
    struct response response = client_read(client);
    bool found = strstr(response.body, "\"blocked_in\":\"sendmsg\"") != NULL;
    client_close(client);
    return found;
}

struct client *stall(const struct server *server)
{
    for (double start = seconds_now();;) {
        struct client *deaf = client_connect_small(server);
        client_send(deaf, "GET /subscribe HTTP/1.1\r\n" HOST "\r\n");
        client_read_head(deaf);
        for (int i = 0; i < 3; i++)
            publish(server, large_text());
        while (healthz(server, "subscribers") > 0) {
            if (somebody_is_in_sendmsg(server))
                return deaf;
            wait_a_moment(start, "a thread in sendmsg");
        }
        /* It was given up before a look found it. */
        client_close(deaf);
    }
}

struct client *send_half(const struct server *server)
{
    struct client *client = client_connect(server);
    client_sendf(client,
                 "POST /update HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
                 "Content-Length: %d\r\n\r\n",
                 BODY);
    cr_assert_eq(client_read(client).status, 100);
    client_send(client, BEGINNING);
    return client;
}

struct response send_rest(struct client *client)
{
    enum { SIZE = BODY - (sizeof(BEGINNING) - 1) };
    static char rest[SIZE + 1];
    snprintf(rest, sizeof(rest), "%*s", SIZE, END);
    client_send_bytes(client, rest, SIZE);
    if (client_find(client, "\r\n\r\n") == 0)
        return (struct response){.status = 0, .status_line = "", .fields = ""};
    return client_read(client);
}

bool late(double start)
{
    return seconds_now() - start > 2;
}
