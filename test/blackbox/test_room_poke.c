/*
 * Room: the clients that a poke plays, when their system calls fail.
 */
#include "room.h"

#include <stdlib.h>
#include <string.h>

TestSuite(room_poke, .timeout = TEST_SECONDS);

#define POKE(kind)                                                             \
    "POST /poke?" kind " HTTP/1.1\r\n" CLOSE "Content-Length: 0\r\n\r\n"

Test(room_poke, a_client_that_cannot_be_played_is_a_503)
{
    static const enum fault faults[] = {FAULT_SOCKET, FAULT_SEND};
    struct server server = start_with_board("--classroom");
    int descriptors = count_descriptors(&server);
    for (size_t i = 0; i < COUNT(faults); i++) {
        fail_at(faults[i], 1, 0);
        cr_expect_eq(ask(&server, POKE("stall")), 503);
        cr_expect_eq(rule(faults[i])->failed, 1);
        fail_at(faults[i], 1, 0);
        cr_expect_eq(ask(&server, POKE("vanish")), 503);
        fail_at(faults[i], 0, 0);
    }
    check_normal(&server);
    wait_descriptors(&server, descriptors);
    server_stop(&server);
}

/* The server reads by recv, too: then the poker has no answer at all. */
Test(room_poke, any_one_recv_may_fail)
{
    struct server server = start_with_board("--classroom");
    int descriptors = count_descriptors(&server);
    int refused = 0;
    for (unsigned long n = 1; n <= 3; n++) {
        fail_at(FAULT_RECV, n, 0);
        char *answer = exchange_all(&server, POKE("vanish"));
        refused += strncmp(answer, "HTTP/1.1 503", 12) == 0;
        cr_expect(*answer == '\0' || strncmp(answer, "HTTP/1.1 ", 9) == 0, "%s",
                  answer);
        free(answer);
    }
    fail_at(FAULT_RECV, 0, 0);
    cr_expect_geq(refused, 1);
    /* Those that are played vanish: a message finds them out. */
    publish(&server, "anybody there?");
    check_normal(&server);
    wait_descriptors(&server, descriptors);
    server_stop(&server);
}
