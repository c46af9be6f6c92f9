/* peer: addresses, and which of them are this machine's. */
#include "unit.h"

#include "server/peer.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(peer, .timeout = TEST_SECONDS);

static struct peer make(const char *address)
{
    struct peer p = {.address.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};

    if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
        four.sin_port = htons(80);
        memcpy(&p, &four, sizeof four);
        return p;
    }
    cr_assert_eq(inet_pton(AF_INET6, address, &p.address.sin6_addr), 1);
    p.address.sin6_port = htons(80);
    return p;
}

Test(peer, loopback_and_others)
{
    static const struct {
        const char *address, *printed;
        bool loopback;
    } cases[] = {
        {"127.0.0.1", "127.0.0.1:80", true},
        {"127.255.255.254", "127.255.255.254:80", true},
        {"::1", "[::1]:80", true},
        {"::ffff:127.0.0.1", "127.0.0.1:80", true},
        {"128.0.0.1", "128.0.0.1:80", false},
        {"126.255.255.255", "126.255.255.255:80", false},
        {"0.0.0.0", "0.0.0.0:80", false},
        {"192.168.1.5", "192.168.1.5:80", false},
        {"::ffff:192.168.1.5", "192.168.1.5:80", false},
        {"::", "[::]:80", false},
        {"::2", "[::2]:80", false},
        {"fe80::1", "[fe80::1]:80", false},
        {"::127.0.0.1", "[::127.0.0.1]:80", false},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer p = make(cases[i].address);
        char text[PEER_SIZE];

        cr_expect_str_eq(peer_print(&p, text), cases[i].printed);
        cr_expect_eq(peer_is_loopback(&p), cases[i].loopback, "%s",
                     cases[i].address);
    }
}

Test(peer, the_longest_address_fits)
{
    struct peer p = make("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    char text[PEER_SIZE];

    p.address.sin6_port = htons(65535);
    cr_expect_str_eq(peer_print(&p, text),
                     "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

Test(peer, who_has_no_port)
{
    struct peer four = make("::ffff:192.0.2.1"), six = make("2001:db8::1");
    char text[PEER_SIZE];

    four.address.sin6_port = six.address.sin6_port = 0;
    cr_expect_str_eq(peer_print(&four, text), "192.0.2.1");
    cr_expect_str_eq(peer_print(&six, text), "[2001:db8::1]");
}

Test(peer, who_has_no_address)
{
    struct sockets s = open_sockets(); /* Unix domain, or gone */
    struct peer p;
    char text[PEER_SIZE];

    close(s.peers);
    close(s.ours);
    p = peer_of(s.ours);
    cr_expect_str_eq(peer_print(&p, text), "");
    cr_expect_not(peer_is_loopback(&p));
    cr_expect_not(peer_is_here(s.ours));
}

/* Clients of two machines may have the same port. */
Test(peer, the_same_is_address_and_port)
{
    struct peer a = make("192.0.2.1"), mapped = make("::ffff:192.0.2.1"),
                other = make("192.0.2.2"), six = make("2001:db8::1"),
                port = make("192.0.2.1");

    port.address.sin6_port = htons(81);
    cr_expect(peer_same(&a, &a) && peer_same(&a, &mapped));
    cr_expect(peer_same(&six, &six));
    cr_expect_not(peer_same(&a, &other));
    cr_expect_not(peer_same(&a, &six));
    cr_expect_not(peer_same(&a, &port));
}
