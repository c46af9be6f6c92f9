/* dial: a connection, although an address does not answer. */
#include "journal/redis/dial.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

struct place {
    int fd;
    struct sockaddr_in address;
};

static struct place place_new(int backlog)
{
    struct place p = {.address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof p.address;

    p.fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(p.fd, (struct sockaddr *)&p.address, size), 0);
    cr_assert_eq(listen(p.fd, backlog), 0);
    getsockname(p.fd, (struct sockaddr *)&p.address, &size);
    return p;
}

static struct addrinfo address_of(struct place *p, struct addrinfo *next)
{
    return (struct addrinfo){.ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM,
                             .ai_addr = (struct sockaddr *)&p->address,
                             .ai_addrlen = sizeof p->address,
                             .ai_next = next};
}

/* The kernel does not answer for a listener whose queue is full. */
static void fill(struct place *p)
{
    for (int i = 0; i < 4; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

        connect(fd, (struct sockaddr *)&p->address, sizeof p->address);
    }
}

Test(dial, an_address_that_hangs_leaves_time_for_the_next)
{
    char error[JOURNAL_ERROR_SIZE];
    struct place full = place_new(0), good = place_new(5);
    struct addrinfo second = address_of(&good, NULL),
                    first = address_of(&full, &second);
    int fd;

    fill(&full);
    cr_expect_eq(dial(&(struct addrinfo){.ai_family = AF_INET,
                                         .ai_socktype = SOCK_STREAM,
                                         .ai_addr = first.ai_addr,
                                         .ai_addrlen = first.ai_addrlen},
                      -1, clock_deadline(100), error),
                 -1);
    cr_expect_str_eq(error, "Connection timed out");
    fd = dial(&first, -1, clock_deadline(4000), error);
    cr_expect_geq(fd, 0, "%s", error);
    close(fd);
    close(full.fd);
    close(good.fd);
}
