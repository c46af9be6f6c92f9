/* Who may publish, and how often: --publish-token, --rate, --trust-proxy. */
#include "exchange.h"
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(publish, .timeout = TEST_SECONDS);

#define POST                                                                   \
    "POST /update HTTP/1.1\r\n" HOST "Content-Length: 12\r\n%s\r\n"            \
    "{\"text\":\"x\"}"

/* A file with the token, and the server that wants it. */
static struct server start_with_token(const char *dir, const char *more)
{
    char options[256];
    FILE *file = create_file("token");
    fputs("s3cret\n", file);
    fclose(file);
    snprintf(options, sizeof(options), "--publish-token %s/token %s", dir,
             more);
    return server_start(options);
}

static struct response post_with(struct client *client, const char *fields)
{
    client_sendf(client, POST, fields);
    return client_read(client);
}

static int status_of(const struct server *server, const char *fields)
{
    struct client *client = client_connect(server);
    int status = post_with(client, fields).status;
    client_close(client);
    return status;
}

Test(publish, needs_the_token)
{
    static const char *const wrong[] = {"", "Authorization: Bearer wrong\r\n",
                                        "Authorization: s3cret\r\n",
                                        "Authorization: Basic s3cret\r\n"};
    struct server server = start_with_token(own_tmpdir(), "");
    struct client *reader = subscribe(&server, "", "");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct client *client = client_connect(&server);
        struct response response = post_with(client, wrong[i]);
        cr_expect_eq(response.status, 401, "%s", wrong[i]);
        cr_expect_str_eq(response_field(&response, "WWW-Authenticate"),
                         "Bearer realm=\"crier\"");
        cr_expect_str_eq(response.body, "{\"error\":\"publishing needs the "
                                        "token: see --publish-token\"}");
        client_close(client);
    }
    cr_expect_eq(status_of(&server, "Authorization: Bearer s3cret\r\n"), 200);
    cr_expect_not_null(strstr(next_message(reader).data, "\"x\""));
    cr_expect_eq(healthz(&server, "messages"), 1);
    client_close(reader);
    server_stop(&server);
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
}

Test(publish, scripts_know_the_token)
{
    struct server server = start_with_token(own_tmpdir(), "");
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
    setenv("CRIER_URL", url, 1);
    struct run run = shell("scripts/update hello");
    expect_run(run, 1, "", "update: refused with status 401");
    setenv("CRIER_TOKEN", "s3cret", 1);
    expect_run(shell("scripts/update hello | cut -c 1-15"), 0,
               "{\"text\":\"hello\"\n", "");
    expect_run(shell("scripts/load -t 90 -s 2 -n 20 -c 2 | grep lost"), 0,
               "lost                  0\n", "");
    server_stop(&server);
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
}

Test(publish, a_file_that_has_no_token)
{
    struct run run = run_to_end("--publish-token /nowhere/token");
    expect_run(run, 1, "", "--publish-token: /nowhere/token: No such file");
    expect_run(run_to_end("--publish-token /dev/null"), 1, "", "is no token");
    expect_run(run_to_end("--trust-proxy proxy.example"), 2, "",
               "'proxy.example' is not an IP address");
}

/* Posts until the server has had enough. Returns how many it has taken. */
static int flood(const struct server *server, const char *fields)
{
    struct client *client = client_connect(server);
    int taken = 0;
    for (int i = 0; i < 10000; i++) {
        struct response response = post_with(client, fields);
        if (response.status == 200) {
            taken++;
            continue;
        }
        cr_expect_eq(response.status, 429);
        cr_expect_str_eq(response_field(&response, "Retry-After"), "1");
        cr_expect_not_null(strstr(response.body, "too many posts"));
        client_close(client);
        return taken;
    }
    fail("10,000 posts, and no 429");
    return 0;
}

/* Others are those whom a proxy tells apart. */
Test(publish, a_flood_is_slowed_down_and_others_are_not)
{
    struct server server = server_start("--rate 1 --trust-proxy 127.0.0.1");
    cr_expect_geq(flood(&server, "X-Forwarded-For: 192.0.2.1\r\n"), 2);
    for (int i = 2; i < 30; i++) {
        char fields[64];
        snprintf(fields, sizeof(fields), "X-Forwarded-For: 192.0.2.%d\r\n", i);
        cr_expect_eq(status_of(&server, fields), 200);
    }
    server_stop(&server);
    server = server_start("--rate 1");
    flood(&server, "X-Forwarded-For: 192.0.2.1\r\n");
    server_stop(&server);
}

/* In class this machine may post as it likes, and a proxy on it is not it. */
Test(publish, others_behind_a_proxy_are_slowed_down_in_class)
{
    struct server server = server_start("--classroom --trust-proxy 127.0.0.1");
    flood(&server, "X-Forwarded-For: 192.0.2.1\r\n");
    struct client *client = client_connect(&server);
    for (int n = 0; n < 100; n++)
        cr_expect_eq(post_with(client, "").status, 200);
    client_close(client);
    server_stop(&server);
}

Test(publish, anybody_may_by_default_and_this_machine_in_class)
{
    static const char *const options[] = {"", "--classroom",
                                          "--classroom --rate 0"};
    for (size_t i = 0; i < COUNT(options); i++) {
        struct server server = server_start(options[i]);
        struct client *client = client_connect(&server);
        for (int n = 0; n < 100; n++)
            cr_expect_eq(post_with(client, "").status, 200);
        client_close(client);
        server_stop(&server);
    }
}
