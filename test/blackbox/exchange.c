#include "exchange.h"

#include <string.h>
#include <strings.h>

static void check_response(const struct exchange *exchange,
                           const struct response *response)
{
    const char *what = exchange->what;
    cr_expect(response->status == exchange->status ||
                  response->status == exchange->or_status,
              "%s: expected %d, got '%s'", what, exchange->status,
              response->status_line);
    if (exchange->body != NULL)
        cr_expect_str_eq(response->body, exchange->body, "%s: '%s'", what,
                         response->body);
    if (exchange->field == NULL)
        return;
    const char *value = response_field(response, exchange->field);
    if (exchange->value == NULL)
        cr_expect_null(value, "%s: has %s", what, exchange->field);
    else
        cr_expect(value != NULL && strcmp(value, exchange->value) == 0,
                  "%s: expected %s: %s, got '%s'", what, exchange->field,
                  exchange->value, value == NULL ? "none" : value);
}

static void check_end(const struct exchange *exchange, struct client *client,
                      const struct response *response)
{
    const char *connection = response_field(response, "Connection");
    if (!exchange->closes) {
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
}

void check_exchanges(const struct server *server,
                     const struct exchange *table, size_t count)
{
    static const char probe[] = "GET /healthz HTTP/1.1\r\n" HOST "\r\n";
    for (const struct exchange *exchange = table; exchange < table + count;
         exchange++) {
        size_t size = exchange->size;
        if (size == 0)
            size = strlen(exchange->request);
        struct client *client = client_connect(server);
        char both[65536];
        cr_assert(size + sizeof(probe) <= sizeof(both));
        memcpy(both, exchange->request, size);
        memcpy(both + size, probe, sizeof(probe));
        client_send_bytes(client, both, size + sizeof(probe) - 1);

        bool head = strncmp(exchange->request, "HEAD ", 5) == 0;
        struct response response =
            head ? client_read_head(client) : client_read(client);
        check_response(exchange, &response);
        check_end(exchange, client, &response);
        client_close(client);
    }
}
