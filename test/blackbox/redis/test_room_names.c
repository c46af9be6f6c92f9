/* --redis: the broker's name, and a resolver that does not answer. */
#include "../room.h"
#include "broker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(room_redis_names, .timeout = TEST_SECONDS);

static void hang_resolver(bool hangs)
{
    rule(FAULT_GETADDRINFO)->stalled = hangs;
}

/* A server that knows its broker by name, and has lost it; nobody says where
 * the name leads. */
static struct server start_and_hang(struct broker *b)
{
    *b = broker_start("--appendonly yes --appendfsync always", "");
    snprintf(b->options, sizeof(b->options),
             "--heartbeat 1 --history 1 --keep 10 "
             "--redis redis://localhost:%d",
             b->port);
    struct server server = start_with_board(b->options);
    publish(&server, "first");
    publish(&server, "second");
    hang_resolver(true);
    broker_kill(b);
    broker_restart(b);
    return server;
}

/* Nobody waits for the resolver: not who publishes, not who has a stream, and
 * not who asks for what only the broker has. */
static void check_hanging(const struct server *server)
{
    struct client *client = subscribe(server, "", "");
    struct event event;
    for (int i = 0; i < 3; i++)
        cr_expect_eq(post_once(server, "refused"), REFUSED);
    wait_ready(server, 503);
    cr_assert(next_block(client, &event) && event.comment, "%s", event.raw);
    client_close(client);
    client = subscribe_after(server, "0", "");
    while (next_event(client, &event))
        cr_expect_null(strstr(event.raw, "data:"), "%s", event.raw);
    client_close(client);
}

Test(room_redis_names, a_resolver_that_hangs_holds_up_nobody)
{
    struct broker b;
    struct server server = start_and_hang(&b);
    check_hanging(&server);
    hang_resolver(false);
    wait_ready(&server, 200);
    publish(&server, "third");
    expect_count(&server, 3);
    cr_expect_eq(count_logged(&server, "error: journal: redis://"), 1);
    cr_expect_eq(count_logged(&server, "=crier works again\n"), 1);
    server_stop(&server);
    broker_stop(&b);
}

Test(room_redis_names, a_server_ends_although_the_resolver_hangs)
{
    struct broker b;
    struct server server = start_and_hang(&b);
    check_hanging(&server);
    server_stop(&server);
    broker_stop(&b);
}
