/* rate: how many posts an address may make. */
#include "unit.h"

#include "base/limit.h"
#include "server/forwarded.h"
#include "server/rate.h"

#include <stdio.h>

TestSuite(rate, .timeout = TEST_SECONDS);

static struct in6_addr address(const char *text)
{
    struct in6_addr six;

    cr_assert(forwarded_parse(slice_of(text), &six), "%s", text);
    return six;
}

/* How many posts in a row may be made at this time. */
static int take_all(struct rate *r, const char *from, int64_t now)
{
    int n = 0;

    while (n < 10000 && rate_take(r, address(from), now) == 0)
        n++;
    return n;
}

Test(rate, a_burst_and_then_so_many_a_second)
{
    struct rate *r = rate_new(10);

    cr_expect_eq(take_all(r, "192.0.2.1", 5000), 20);
    cr_expect_eq(rate_take(r, address("192.0.2.1"), 5000), 100);
    cr_expect_eq(rate_take(r, address("192.0.2.1"), 5099), 1);
    cr_expect_eq(take_all(r, "192.0.2.1", 5100), 1);
    cr_expect_eq(take_all(r, "192.0.2.1", 6100), 10);
    cr_expect_eq(take_all(r, "192.0.2.1", 60000), 20); /* not more */
    rate_free(r);
}

Test(rate, each_address_has_its_own)
{
    struct rate *r = rate_new(1);

    cr_expect_eq(take_all(r, "192.0.2.1", 5000), 2);
    cr_expect_eq(take_all(r, "192.0.2.2", 5000), 2);
    cr_expect_eq(take_all(r, "::ffff:192.0.2.2", 5000), 0);
    cr_expect_eq(take_all(r, "2001:db8::1", 5000), 2);
    cr_expect_eq(take_all(r, "2001:db8::2", 5000), 0); /* the same network */
    cr_expect_eq(take_all(r, "2001:db8:0:1::1", 5000), 2);
    rate_free(r);
}

/* A flood from one address is slowed down, whoever else posts. */
Test(rate, many_addresses_do_not_make_it_forget_the_one_that_floods)
{
    struct rate *r = rate_new(1);
    char text[32];

    cr_expect_eq(take_all(r, "192.0.2.1", 5000), 2);
    for (int i = 0; i < 2 * LIMIT_RATE_ADDRESSES; i++) {
        snprintf(text, sizeof text, "198.51.%d.%d", i / 256, i % 256);
        cr_expect_eq(rate_take(r, address(text), 5000), 0);
    }
    cr_expect_eq(take_all(r, "192.0.2.1", 5000), 0);
    rate_free(r);
}
