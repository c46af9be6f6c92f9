/* watch: a hang-up pokes its subscriber, and nobody else's does. */
#include "store_check.h"
#include "unit.h"

#include "store/watch.h"

#include <sys/socket.h>
#include <unistd.h>

TestSuite(watch, .timeout = TEST_SECONDS);

static void expect_poke(struct store *s, struct subscriber *sub)
{
    struct store_batch batch;

    cr_expect_eq(store_wait(s, sub, in_ms(PATIENCE_MS), 1, &batch),
                 STORE_POKED);
}

/* For as long as a poke would need that was on its way. */
static void expect_no_poke(struct store *s, struct subscriber *sub)
{
    struct store_batch batch;

    cr_expect_eq(store_wait(s, sub, in_ms(50), 1, &batch), STORE_TIMEOUT);
}

Test(watch, hang_up_and_half_close)
{
    struct store *s = store_new(1, 1, 2);
    struct watch *d = watch_new(s, 15000);
    struct subscriber *a = subscribe_live(s), *b = subscribe_live(s);
    struct sockets to_a = open_sockets(), to_b = open_sockets();

    cr_assert(d != NULL);
    cr_assert_eq(watch_add(d, to_a.ours, a), 0);
    cr_assert_eq(watch_add(d, to_b.ours, b), 0);
    expect_no_poke(s, a);
    shutdown(to_a.peers, SHUT_WR); /* it may only have finished sending */
    expect_poke(s, a);
    expect_no_poke(s, a); /* not again and again */
    expect_no_poke(s, b);
    close(to_a.peers);
    expect_poke(s, a);
    close(to_b.peers);
    expect_poke(s, b);
    watch_remove(d, to_a.ours);
    watch_remove(d, to_b.ours);
    watch_free(d);
    store_unsubscribe(s, a);
    store_unsubscribe(s, b);
    store_free(s);
}

/* One subscriber, and its client. */
struct one {
    struct store *store;
    struct watch *watch;
    struct subscriber *sub;
    struct sockets sockets;
};

static struct one one_begin(void)
{
    struct store *s = store_new(1, 1, 1);

    return (struct one){s, watch_new(s, 15000), subscribe_live(s),
                        open_sockets()};
}

static void one_end(struct one *one)
{
    watch_free(one->watch);
    store_unsubscribe(one->store, one->sub);
    store_free(one->store);
}

Test(watch, hang_up_before)
{
    struct one one = one_begin();

    close(one.sockets.peers);
    cr_assert_eq(watch_add(one.watch, one.sockets.ours, one.sub), 0);
    expect_poke(one.store, one.sub);
    watch_remove(one.watch, one.sockets.ours);
    one_end(&one);
}

Test(watch, forgotten)
{
    struct one one = one_begin();

    cr_assert_eq(watch_add(one.watch, one.sockets.ours, one.sub), 0);
    watch_remove(one.watch, one.sockets.ours);
    close(one.sockets.peers);
    expect_no_poke(one.store, one.sub);
    one_end(&one);
}

/* Data that a subscriber sends is no departure. */
Test(watch, talking)
{
    struct one one = one_begin();

    cr_assert_eq(watch_add(one.watch, one.sockets.ours, one.sub), 0);
    cr_assert_eq(write(one.sockets.peers, "hello", 5), 5);
    expect_no_poke(one.store, one.sub);
    watch_remove(one.watch, one.sockets.ours);
    one_end(&one);
}

/* More at once than one epoll_wait reports. */
Test(watch, all_at_once)
{
    enum { MANY = 150 };
    struct store *s = store_new(1, 1, MANY);
    struct watch *d = watch_new(s, 15000);
    struct subscriber *subs[MANY];
    struct sockets sockets[MANY];

    for (int i = 0; i < MANY; i++) {
        subs[i] = subscribe_live(s);
        sockets[i] = open_sockets();
        cr_assert_eq(watch_add(d, sockets[i].ours, subs[i]), 0);
    }
    for (int i = 0; i < MANY; i++)
        close(sockets[i].peers);
    for (int i = 0; i < MANY; i++) {
        expect_poke(s, subs[i]);
        watch_remove(d, sockets[i].ours);
        store_unsubscribe(s, subs[i]);
    }
    watch_free(d);
    store_free(s);
}

Test(watch, the_machine_refuses)
{
    struct one one = one_begin();

    cr_expect_eq(watch_add(one.watch, -1, one.sub), -1);
    one_end(&one);
}
