/* --redis: a broker that has lost something, and one that takes over. */
#include "broker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

TestSuite(redis_lost, .timeout = TEST_SECONDS);

static void expect_text(struct client *client, const char *text)
{
    struct event event = next_message(client);
    cr_expect_not_null(strstr(event.data, text), "%s", event.data);
}

static void expect_gap(struct client *client)
{
    struct event event;
    if (!next_event(client, &event) || event.name == NULL)
        fail("not a gap: '%s'", event.raw);
    cr_expect_str_eq(event.name, "gap");
}

/* The server sleeps while other programs fill the stream and trim it. */
Test(redis_lost, what_was_trimmed_before_anybody_heard_it_is_a_gap)
{
    struct broker b = broker_start("", "");
    struct server server = server_start(b.options);
    struct client *client = subscribe(&server, "", "");
    char id[64], text[64];
    publish(&server, "before");
    snprintf(id, sizeof(id), "%s", next_message(client).id);
    siginfo_t stopped;
    kill(server.pid, SIGSTOP);
    waitid(P_PID, (id_t)server.pid, &stopped, WSTOPPED);
    for (int i = 0; i < 300; i++) {
        snprintf(text, sizeof(text), "{\"text\":\"%d\"}", i);
        broker_add(&b, "*", "data", text);
    }
    broker_say(&b, "XTRIM crier MAXLEN 3");
    broker_say(&b, "CLIENT KILL TYPE normal SKIPME yes");
    kill(server.pid, SIGCONT);
    /* The first one may have been told before the rest was trimmed. */
    struct event event;
    if (next_event(client, &event) && event.id != NULL) {
        cr_expect_not_null(strstr(event.data, "\"0\""), "%s", event.data);
        next_event(client, &event);
    }
    cr_expect_str_eq(event.name, "gap", "%s", event.raw);
    expect_text(client, "\"297\"");
    expect_text(client, "\"298\"");
    expect_text(client, "\"299\"");
    client_close(client);
    /* Who comes back is told, too, and then once more everything. */
    client = subscribe_after(&server, id, "");
    expect_gap(client);
    expect_text(client, "\"297\"");
    client_close(client);
    wait_ready(&server, 200);
    publish(&server, "after");
    server_stop(&server);
    broker_stop(&b);
}

/* Whether something was in it that nobody has heard is not known. */
Test(redis_lost, a_stream_that_was_flushed_is_a_gap)
{
    struct broker b = broker_start("", "");
    struct server server = server_start(b.options);
    struct client *client = subscribe(&server, "", "");
    publish(&server, "before");
    expect_text(client, "before");
    broker_say(&b, "FLUSHALL");
    free(server_log_line(&server, "error: journal: |lost messages"));
    publish(&server, "after");
    expect_gap(client);
    expect_text(client, "after");
    publish(&server, "and so on");
    expect_text(client, "and so on");
    client_close(client);
    server_stop(&server);
    broker_stop(&b);
}

/* As after a failover to a replica that had less, and whose clock is late. */
Test(redis_lost, an_id_that_does_not_increase_is_never_delivered)
{
    struct broker b = broker_start("", "");
    struct server server = server_start(b.options);
    struct client *client = subscribe(&server, "", "");
    broker_add(&b, "9999999999999-1", "data", "{\"text\":\"late\"}");
    cr_expect_str_eq(next_message(client).id, "9999999999999-1");
    broker_say(&b, "DEL crier");
    enum fate fate = post_once(&server, "older than what was");
    cr_expect_eq(fate, UNCLEAR, "%d", fate);
    free(server_log_line(&server, "error: journal: |it has lost messages"));
    broker_add(&b, "9999999999999-2", "data", "{\"text\":\"later\"}");
    expect_text(client, "later");
    client_close(client);
    server_stop(&server);
    broker_stop(&b);
}

/* Everything is there again after a kill -9, since appendonly keeps it. */
Test(redis_lost, a_broker_that_restarts_has_lost_nothing)
{
    static struct publishers p = {.most = FATES, .pause_us = 5000};
    struct broker b = broker_start("--appendonly yes --appendfsync always",
                                   "--history 20000");
    struct server server = server_start(b.options);
    double start = seconds_now();
    publishers_start(&p, &server, 8);
    for (int round = 0; round < 3; round++) {
        while (publishers_count(&p, KEPT) < 100 * (round + 1))
            wait_a_moment(start, "messages that are kept");
        broker_kill(&b);
        broker_restart(&b);
        wait_ready(&server, 200);
    }
    p.stop = true;
    publishers_join(&p);
    check_fates(&p, &server);
    server_stop(&server);
    server = server_start(b.options);
    check_fates(&p, &server);
    server_stop(&server);
    broker_stop(&b);
}

/* A replica takes over the port of the master that died, with all it had. */
Test(redis_lost, a_replica_is_promoted)
{
    struct broker master = broker_start("", ""), replica = broker_start("", "");
    struct server server = server_start(master.options);
    struct client *client = subscribe(&server, "", "");
    broker_say(&replica, "REPLICAOF 127.0.0.1 %d", master.port);
    publish(&server, "at the master");
    expect_text(client, "at the master");
    cr_assert_str_eq(broker_say(&master, "WAIT 1 %d", 1000 * HARNESS_PATIENCE),
                     "1");
    broker_kill(&master);
    broker_say(&replica, "REPLICAOF NO ONE");
    broker_say(&replica, "CONFIG SET port %d", master.port);
    wait_ready(&server, 200);
    publish(&server, "at the replica");
    expect_text(client, "at the replica");
    client_close(client);
    client = subscribe_after(&server, "0", "");
    expect_text(client, "at the master");
    expect_text(client, "at the replica");
    client_close(client);
    server_stop(&server);
    broker_stop(&replica);
    tree_remove(&master.tree);
}

/* What hung in the connection when the broker was stopped may come late. */
Test(redis_lost, what_was_unclear_comes_once_or_never)
{
    struct broker b = broker_start("", "");
    struct server server = server_start(b.options);
    struct client *client = subscribe(&server, "", "");
    publish(&server, "before");
    expect_text(client, "before");
    kill(b.pid, SIGSTOP);
    enum fate fate = post_once(&server, "perhaps");
    cr_expect(fate == UNCLEAR || fate == REFUSED, "%d", fate);
    kill(b.pid, SIGCONT);
    wait_ready(&server, 200);
    publish(&server, "after");
    struct event event = next_message(client);
    if (strstr(event.data, "perhaps") != NULL) {
        cr_expect_eq(fate, UNCLEAR);
        event = next_message(client);
    }
    cr_expect_not_null(strstr(event.data, "after"), "%s", event.data);
    client_close(client);
    server_stop(&server);
    broker_stop(&b);
}
