/* clients: the limit, and how everybody leaves. */
#include "unit.h"

#include "base/clock.h"
#include "server/clients.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(clients, .timeout = TEST_SECONDS);

Test(clients, room)
{
    struct clients *c = clients_new(2);
    struct client a = {.fd = -1}, b = {.fd = -1}, d = {.fd = -1};

    cr_expect(clients_enter(c, &a));
    cr_expect(clients_enter(c, &b));
    cr_expect_not(clients_enter(c, &d));
    cr_expect_not(clients_enter(c, &d));
    cr_expect_eq(clients_stats(c).connected, 2);
    clients_leave(c, &a);
    cr_expect(clients_enter(c, &d));
    cr_expect_not(clients_enter(c, &a));
    clients_leave(c, &b);
    clients_leave(c, &d);
    cr_expect_eq(clients_stats(c).connected, 0);
    cr_expect_eq(clients_stats(c).accepted, 3);
    cr_expect_eq(clients_stats(c).refused, 3);
    clients_free(c);
}

Test(clients, draining_an_empty_house)
{
    struct clients *c = clients_new(2);
    struct client a = {.fd = -1};
    int64_t start = clock_monotonic_ms();

    cr_expect(clients_enter(c, &a));
    clients_leave(c, &a);
    cr_expect_not(clients_dismissed(c));
    clients_dismiss(c);
    cr_expect(clients_drain(c, PATIENCE_MS));
    cr_expect(clients_dismissed(c));
    cr_expect_lt(clock_monotonic_ms(), start + PATIENCE_MS);
    clients_free(c);
}

/* A thread that serves one client as connection.c does. */
struct guest {
    struct clients *clients;
    struct sockets sockets;
    struct client client;
    pthread_t thread;
    bool waits; /* for a request; otherwise it is in the middle of one */
    sem_t entered;
    atomic_bool hung_up; /* its recv came back */
    sem_t may_leave;
};

static void *be_guest(void *argument)
{
    struct guest *g = argument;
    char byte;

    if (g->waits)
        clients_interruptible(g->clients, &g->client);
    sem_post(&g->entered);
    if (recv(g->sockets.ours, &byte, 1, 0) == 0)
        g->hung_up = true;
    sem_wait(&g->may_leave);
    clients_leave(g->clients, &g->client);
    return NULL;
}

static void enter(struct guest *g, struct clients *c, bool waits)
{
    *g =
        (struct guest){.clients = c, .sockets = open_sockets(), .waits = waits};
    g->client.fd = g->sockets.ours;
    sem_init(&g->entered, 0, 0);
    sem_init(&g->may_leave, 0, 0);
    cr_assert(clients_enter(c, &g->client));
    pthread_create(&g->thread, NULL, be_guest, g);
    sem_wait(&g->entered);
}

static void end(struct guest *g)
{
    pthread_join(g->thread, NULL);
    close(g->sockets.ours);
    close(g->sockets.peers);
}

Test(clients, dismissing_hangs_up_the_idle)
{
    struct clients *c = clients_new(9);
    int64_t start = clock_monotonic_ms();
    struct guest guests[3];

    for (size_t i = 0; i < COUNT(guests); i++) {
        enter(&guests[i], c, true);
        sem_post(&guests[i].may_leave);
    }
    clients_dismiss(c);
    cr_expect(clients_drain(c, PATIENCE_MS));
    cr_expect_lt(clock_monotonic_ms(), start + PATIENCE_MS);
    for (size_t i = 0; i < COUNT(guests); i++) {
        end(&guests[i]);
        cr_expect(guests[i].hung_up);
    }
    clients_free(c);
}

/* What is already in an idle client's socket is read, and answered. */
Test(clients, dismissing_leaves_the_last_request)
{
    struct clients *c = clients_new(1);
    struct sockets sockets = open_sockets();
    struct client client = {.fd = sockets.ours};
    char bytes[8];

    cr_assert(clients_enter(c, &client));
    clients_interruptible(c, &client);
    cr_expect_eq(write(sockets.peers, "hi", 2), 2);
    clients_dismiss(c);
    cr_expect_eq(recv(sockets.ours, bytes, sizeof bytes, 0), 2);
    cr_expect_eq(recv(sockets.ours, bytes, sizeof bytes, 0), 0);
    cr_expect_eq(send(sockets.ours, "bye", 3, MSG_NOSIGNAL), 3);
    cr_expect_eq(recv(sockets.peers, bytes, sizeof bytes, 0), 3);
    clients_leave(c, &client);
    cr_expect(clients_drain(c, PATIENCE_MS));
    close(sockets.ours);
    close(sockets.peers);
    clients_free(c);
}

struct drain {
    struct clients *clients;
    pthread_t thread;
    atomic_int id;
    bool all_left, in_time;
    atomic_bool done;
};

static void *drain(void *argument)
{
    struct drain *d = argument;
    int64_t deadline = in_ms(PATIENCE_MS);

    d->id = gettid();
    d->all_left = clients_drain(d->clients, PATIENCE_MS);
    d->in_time = clock_monotonic_ms() < deadline;
    d->done = true;
    return NULL;
}

/* Dismisses all, and returns when another thread waits for them to leave. */
static void start_drain(struct drain *d, struct clients *c)
{
    int64_t start = clock_monotonic_ms();

    *d = (struct drain){.clients = c, .done = false};
    clients_dismiss(c);
    pthread_create(&d->thread, NULL, drain, d);
    while (d->id == 0 || !is_asleep(d->id))
        wait_a_moment(start, "the draining's start");
}

Test(clients, draining_waits_for_the_busy)
{
    struct clients *c = clients_new(9);
    int64_t start = clock_monotonic_ms();
    struct guest busy[2];
    struct drain d;

    enter(&busy[0], c, false);
    enter(&busy[1], c, false);
    start_drain(&d, c);
    for (size_t i = 0; i < COUNT(busy); i++) {
        while (!d.done && !is_asleep(d.id))
            wait_a_moment(start, "the draining, that goes on");
        cr_expect(!d.done, "%zu have left", i);
        /* It is not hung up: its request arrives, and it leaves by itself. */
        cr_expect_eq(write(busy[i].sockets.peers, "x", 1), 1);
        sem_post(&busy[i].may_leave);
        end(&busy[i]);
        cr_expect_not(busy[i].hung_up);
    }
    pthread_join(d.thread, NULL);
    cr_expect(d.all_left);
    cr_expect(d.in_time, "the last to leave wakes nobody");
    clients_free(c);
}

Test(clients, draining_cuts_the_busy_at_last)
{
    struct clients *c = clients_new(9);
    struct guest busy;

    enter(&busy, c, false);
    sem_post(&busy.may_leave);
    clients_dismiss(c);
    clients_drain(c, 100);
    end(&busy);
    cr_expect(busy.hung_up);
    clients_free(c);
}

Test(clients, draining_gives_up)
{
    struct clients *c = clients_new(9);
    int64_t start = clock_monotonic_ms();
    struct guest stuck;

    enter(&stuck, c, false);
    clients_dismiss(c);
    cr_expect_not(clients_drain(c, 50));
    cr_expect_geq(clock_monotonic_ms(), start + 100, "50 ms, twice");
    sem_post(&stuck.may_leave);
    end(&stuck);
    cr_expect(stuck.hung_up);
    clients_free(c);
}

/* Who came in too late to be hung up with the others is hung up at once, but
 * what it has sent is read. */
Test(clients, waiting_after_dismissal)
{
    struct clients *c = clients_new(9);
    struct sockets sockets = open_sockets();
    struct client client = {.fd = sockets.ours};
    char bytes[8];

    clients_dismiss(c);
    cr_assert(clients_enter(c, &client));
    cr_expect_eq(write(sockets.peers, "hi", 2), 2);
    clients_interruptible(c, &client);
    cr_expect_eq(recv(sockets.ours, bytes, sizeof bytes, 0), 2);
    cr_expect_eq(recv(sockets.ours, bytes, sizeof bytes, 0), 0);
    clients_leave(c, &client);
    clients_free(c);
}

/* Who was idle once, and is busy now, is not hung up; nor is who just came. */
Test(clients, dismissing_spares_the_busy)
{
    struct clients *c = clients_new(9);
    struct sockets to_a = open_sockets(), to_b = open_sockets();
    struct client a = {.fd = to_a.ours}, b = {.fd = to_b.ours};
    char byte;

    cr_assert(clients_enter(c, &a));
    clients_interruptible(c, &a);
    clients_busy(c, &a, slice_of("GET / HTTP/1.1"), "client");
    b.interruptible = true; /* as memory may be that was used before */
    cr_assert(clients_enter(c, &b));
    clients_dismiss(c);
    cr_expect_eq(recv(to_a.ours, &byte, 1, MSG_DONTWAIT), -1);
    cr_expect_eq(recv(to_b.ours, &byte, 1, MSG_DONTWAIT), -1);
    clients_leave(c, &a);
    clients_leave(c, &b);
    clients_free(c);
}
