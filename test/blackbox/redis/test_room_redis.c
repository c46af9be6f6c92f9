/* --redis: a server that lacks memory, sockets or threads. */
#include "../room.h"
#include "broker.h"

#include <stdlib.h>
#include <string.h>

TestSuite(room_redis, .timeout = TEST_SECONDS);

enum { POSTS = 400 };

/* Publishers go on while every nth call fails, and while the broker ends all
 * connections. Then nothing fails any more, all that was acknowledged is there
 * once, and nothing that was refused. */
static void press(enum fault f, unsigned long every)
{
    static struct publishers p = {.most = POSTS, .pause_us = 2000};
    struct broker b = broker_start("", "--history 1000");
    struct server server = start_with_board(b.options);
    fail_every(f, every, 0);
    publishers_start(&p, &server, 4);
    for (int i = 1; i < 4; i++) {
        double start = seconds_now();
        while (p.next < i * POSTS / 4)
            wait_a_moment(start, "posts");
        broker_say(&b, "CLIENT KILL TYPE normal SKIPME yes");
    }
    publishers_join(&p);
    for (double start = seconds_now(); rule(f)->failed == 0;)
        wait_a_moment(start, "a call to fail, of a server that connects again");
    fail_every(f, 0, 0);
    wait_ready(&server, 200);
    check_fates(&p, &server);
    struct client *client = subscribe(&server, "", "");
    publish(&server, "after");
    cr_expect_not_null(strstr(next_message(client).data, "after"));
    client_close(client);
    server_stop(&server);
    broker_stop(&b);
}

Test(room_redis, without_memory)
{
    press(FAULT_MALLOC, 9);
}

Test(room_redis, with_little_memory)
{
    press(FAULT_MALLOC, 100);
}

Test(room_redis, without_sockets)
{
    press(FAULT_SOCKET, 1);
}

Test(room_redis, without_threads)
{
    press(FAULT_PTHREAD_CREATE, 2);
}

Test(room_redis, without_descriptors)
{
    press(FAULT_EVENTFD, 1);
}

Test(room_redis, a_name_that_leads_nowhere)
{
    press(FAULT_GETADDRINFO, 1);
}

Test(room_redis, connections_that_break_when_they_are_read)
{
    press(FAULT_RECV, 7);
}

Test(room_redis, connections_that_break_when_they_are_written)
{
    press(FAULT_SEND, 7);
}

/* Short reads and writes are only slower. */
Test(room_redis, a_byte_at_a_time)
{
    static struct publishers p = {.most = 40};
    struct broker b = broker_start("", "");
    struct server server = start_with_board(b.options);
    rule(FAULT_SEND)->bytes = 1;
    rule(FAULT_RECV)->bytes = 1;
    publishers_start(&p, &server, 4);
    publishers_join(&p);
    cr_expect_eq(publishers_count(&p, KEPT), 40);
    check_fates(&p, &server);
    server_stop(&server);
    broker_stop(&b);
}
