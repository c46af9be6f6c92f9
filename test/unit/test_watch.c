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

Test(watch, hang_up_before)
{
    struct store *s = store_new(1, 1, 1);
    struct watch *d = watch_new(s, 15000);
    struct subscriber *sub = subscribe_live(s);
    struct sockets sockets = open_sockets();

    close(sockets.peers);
    cr_assert_eq(watch_add(d, sockets.ours, sub), 0);
    expect_poke(s, sub);
    watch_remove(d, sockets.ours);
    watch_free(d);
    store_unsubscribe(s, sub);
    store_free(s);
}

Test(watch, forgotten)
{
    struct store *s = store_new(1, 1, 1);
    struct watch *d = watch_new(s, 15000);
    struct subscriber *sub = subscribe_live(s);
    struct sockets sockets = open_sockets();

    cr_assert_eq(watch_add(d, sockets.ours, sub), 0);
    watch_remove(d, sockets.ours);
    close(sockets.peers);
    expect_no_poke(s, sub);
    watch_free(d);
    store_unsubscribe(s, sub);
    store_free(s);
}

/* Data that a subscriber sends is no departure. */
Test(watch, talking)
{
    struct store *s = store_new(1, 1, 1);
    struct watch *d = watch_new(s, 15000);
    struct subscriber *sub = subscribe_live(s);
    struct sockets sockets = open_sockets();

    cr_assert_eq(watch_add(d, sockets.ours, sub), 0);
    cr_assert_eq(write(sockets.peers, "hello", 5), 5);
    expect_no_poke(s, sub);
    watch_remove(d, sockets.ours);
    watch_free(d);
    store_unsubscribe(s, sub);
    store_free(s);
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
    struct store *s = store_new(1, 1, 1);
    struct watch *d = watch_new(s, 15000);
    struct subscriber *sub = subscribe_live(s);

    cr_expect_eq(watch_add(d, -1, sub), -1);
    watch_free(d);
    store_unsubscribe(s, sub);
    store_free(s);
}
