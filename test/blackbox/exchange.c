#include "exchange.h"

#include <string.h>
#include <strings.h>

static bool has_line(const struct response *response, const char *wanted)
{
    for (const char *line = response->fields; *line != '\0';
         line += strlen(line) + 1)
        if (strcmp(line, wanted) == 0)
            return true;
    return false;
}

static void check_response(const struct exchange *exchange,
                           const struct response *response)
{
    cr_expect_eq(response->status, exchange->status,
                 "%s: expected %d, got '%s' '%s'", exchange->what,
                 exchange->status, response->status_line, response->body);
    if (exchange->rest != NULL)
        cr_expect(strcmp(response->body, exchange->rest) == 0 ||
                      has_line(response, exchange->rest),
                  "%s: '%s' is missing; the body is '%s'", exchange->what,
                  exchange->rest, response->body);
}

static void check_end(const struct exchange *exchange, struct client *client,
                      const struct response *response)
{
    const char *connection = response_field(response, "Connection");
    const char *keep_alive = response_field(response, "Keep-Alive");
    cr_assert((keep_alive != NULL) == (exchange->end == GOES_ON),
              "%s: Keep-Alive is '%s'", exchange->what, keep_alive);
    if (exchange->end == GOES_ON) {
        cr_expect(strcmp(keep_alive, "timeout=15") == 0 && connection != NULL &&
                      strcasecmp(connection, "keep-alive") == 0,
                  "%s: Keep-Alive is '%s', Connection '%s'", exchange->what,
                  keep_alive, connection);
        struct response next = client_read(client);
        cr_expect(next.status == 200 &&
                      strncmp(next.body, "{\"status\"", 9) == 0,
                  "%s: what follows got '%s' '%s'", exchange->what,
                  next.status_line, next.body);
        return;
    }
    cr_expect(connection != NULL && strcasecmp(connection, "close") == 0,
              "%s: closes, but Connection is '%s'", exchange->what,
              connection == NULL ? "none" : connection);
    cr_expect(client_closed(client), "%s: the connection goes on: '%.200s'",
              exchange->what, client->in + client->start);
    /* A reset may destroy the answer on its way (RFC 9112, 9.6). */
    cr_expect(!client->was_reset, "%s: closed by RST", exchange->what);
}

void check_exchange(const struct server *server,
                    const struct exchange *exchange, size_t size)
{
    static const char probe[] = "GET /healthz HTTP/1.1\r\n" HOST "\r\n";
    char both[4096];
    cr_assert_leq(size + sizeof(probe), sizeof(both));
    memcpy(both, exchange->request, size);
    memcpy(both + size, probe, sizeof(probe));
    struct client *client = client_connect(server);
    client_send_bytes(client, both, size + strlen(probe));

    bool head = strncmp(exchange->request, "HEAD ", 5) == 0;
    struct response response =
        head ? client_read_head(client) : client_read(client);
    check_response(exchange, &response);
    check_end(exchange, client, &response);
    client_close(client);
}

void check_exchanges(const struct server *server, const struct exchange *table,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_exchange(server, &table[i], strlen(table[i].request));
}
