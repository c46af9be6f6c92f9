/* /healthz and /metrics. */
#include "exchange.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(status, .timeout = TEST_SECONDS);

#define GET(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"

Test(status, healthz_is_json_with_its_five_members)
{
    static const char members[] =
        "{\"status\":\"ok\",\"subscribers\":0,\"clients\":1,"
        "\"messages\":0,\"uptime_s\":";
    double start = seconds_now();
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, GET("/healthz"));
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200);
    cr_expect_str_eq(response_field(&response, "Content-Type"),
                     "application/json");
    cr_expect_str_eq(response_field(&response, "Cache-Control"), "no-store");
    cr_assert_eq(strncmp(response.body, members, strlen(members)), 0, "'%s'",
                 response.body);
    char *end;
    long uptime = strtol(response.body + strlen(members), &end, 10);
    cr_expect(uptime >= 0 && (double)uptime <= seconds_now() - start);
    cr_expect_str_eq(end, "}", "'%s'", response.body);
    client_close(client);
    server_stop(&server);
}

Test(status, healthz_counts_subscribers_clients_and_messages)
{
    struct server server = server_start("--history 2");
    struct client *subscribers[3], *idle = client_connect(&server);
    for (size_t i = 0; i < COUNT(subscribers); i++) {
        subscribers[i] = subscribe(&server, "", "");
        wait_healthz(&server, "subscribers", (long long)i + 1);
    }
    wait_healthz(&server, "clients", 5);
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(healthz(&server, "messages"), i);
        publish(&server, "hello");
        free(post_body(&server, "{}", 2).body);
    }
    cr_expect_eq(healthz(&server, "messages"), 4);
    for (size_t i = 0; i < COUNT(subscribers); i++)
        client_close(subscribers[i]);
    wait_healthz(&server, "subscribers", 0);
    client_close(idle);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}

Test(status, healthz_tells_how_long_the_server_is_up)
{
    double start = seconds_now();
    struct server server = server_start("");
    while (healthz(&server, "uptime_s") < 2)
        wait_a_moment(start, "uptime_s of 2");
    cr_expect_geq(seconds_now() - start, 1.9);
    server_stop(&server);
}

/* The value of a metric, with its labels in the name; -1 if there is none. */
static double metric(const char *body, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = body; line != NULL;
         line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1)
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            return strtod(line + length, NULL);
    return -1;
}

static void expect_metric(const char *body, const char *name, double value)
{
    cr_expect_eq(metric(body, name), value, "%s is %g, not %g", name,
                 metric(body, name), value);
}

/* Asks for /metrics until the publishers have gone, and only so many clients
 * are left. */
static struct response wait_clients(struct client *client, double count)
{
    for (double start = seconds_now();;
         wait_a_moment(start, "the publishers' end")) {
        client_send(client, GET("/metrics"));
        struct response response = client_read(client);
        if (metric(response.body, "crier_clients") == count)
            return response;
    }
}

Test(status, metrics_tell_the_same_and_the_rest)
{
    struct server server = server_start("--history 2");
    struct client *first = subscribe(&server, "", "");
    struct client *second = subscribe(&server, "", "");
    for (int i = 0; i < 3; i++) {
        publish(&server, "hello");
        next_message(first);
        next_message(second);
    }
    struct client *third = subscribe(&server, "?lastEventId=0", "");
    struct event event;
    cr_assert(next_event(third, &event) && event.name != NULL);
    next_message(third);
    next_message(third);

    struct client *client = client_connect(&server);
    client_send(client, GET("/missing"));
    cr_expect_eq(client_read(client).status, 404);
    struct response response = wait_clients(client, 4);
    expect_metric(response.body, "crier_subscribers", 3);
    expect_metric(response.body, "crier_messages_total", 3);
    expect_metric(response.body, "crier_deliveries_total", 8);
    expect_metric(response.body, "crier_gaps_total", 1);
    expect_metric(response.body, "crier_history_messages", 2);
    expect_metric(response.body, "crier_connections_refused_total", 0);
    expect_metric(response.body, "crier_subscribers_refused_total", 0);
    expect_metric(response.body, "crier_requests_total{code=\"4xx\"}", 1);
    cr_expect_geq(metric(response.body, "crier_uptime_seconds"), 0);
    cr_expect_geq(metric(response.body, "crier_connections_total"), 7);
    cr_expect_geq(metric(response.body, "crier_requests_total{code=\"2xx\"}"),
                  6);
    client_close(first);
    client_close(second);
    client_close(third);
    client_close(client);
    server_stop(&server);
}

/* Whether a sample's name has been described by `# HELP` and `# TYPE`. */
static bool is_described(const char *body, const char *line, const char *kind)
{
    char name[64] = "", wanted[128];
    sscanf(line, "%63[^ {]", name);
    snprintf(wanted, sizeof(wanted), "# %s %s ", kind, name);
    const char *at = strstr(body, wanted);
    return at != NULL && at < line && (at == body || at[-1] == '\n');
}

static void check_sample(const char *body, const char *line)
{
    int size = (int)strcspn(line, "\n");
    cr_expect(is_described(body, line, "HELP"), "%.*s", size, line);
    cr_expect(is_described(body, line, "TYPE"), "%.*s", size, line);
    const char *blank = memchr(line, ' ', (size_t)size);
    cr_assert_not_null(blank, "%.*s", size, line);
    char *end;
    strtod(blank + 1, &end);
    cr_expect(end == line + size && end > blank + 1, "%.*s", size, line);
    cr_expect_eq(strncmp(line, "crier_", 6), 0, "%.*s", size, line);
}

Test(status, metrics_are_in_prometheus_text_format)
{
    struct server server = server_start("");
    struct client *client = client_connect(&server);
    client_send(client, GET("/metrics"));
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200);
    const char *type = response_field(&response, "Content-Type");
    cr_assert(type != NULL &&
                  strncmp(type, "text/plain; version=0.0.4", 25) == 0,
              "%s", type);
    cr_assert_gt(response.body_size, 0);
    cr_assert_eq(response.body[response.body_size - 1], '\n');
    int samples = 0;
    for (const char *line = response.body; *line != '\0';
         line += strcspn(line, "\n") + 1)
        if (*line != '#') {
            check_sample(response.body, line);
            samples++;
        }
    cr_expect_geq(samples, 11);
    client_close(client);
    server_stop(&server);
}
