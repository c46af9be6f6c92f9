/* group: the thread that keeps what publishers have, all at once. */
#include "unit.h"

#include "base/clock.h"
#include "journal/group.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>

TestSuite(group, .timeout = TEST_SECONDS);

enum { PUBLISHERS = 20 };

/* A kind of journal that keeps when the test says so. */
struct kind {
    sem_t go;
    atomic_int batches, messages, rests;
    atomic_int fate;  /* enum journal_fate */
    atomic_llong due; /* of rest, after now; 0: never */
};

/* A key that begins with a K is known. */
static enum journal_fate keep(void *self, struct letter *const *letters,
                              size_t n)
{
    struct kind *k = self;

    atomic_fetch_add(&k->batches, 1);
    while (sem_wait(&k->go) != 0)
        ;
    for (size_t i = 0; i < n; i++)
        if (letters[i]->key[0] == 'K')
            letters[i]->known = message_ref(letters[i]->message);
    atomic_fetch_add(&k->messages, (int)n);
    return (enum journal_fate)atomic_load(&k->fate);
}

static int64_t rest(void *self)
{
    struct kind *k = self;

    atomic_fetch_add(&k->rests, 1);
    return k->due ? clock_monotonic_ms() + k->due : INT64_MAX;
}

static const struct group_work work = {keep, rest};

static struct group *start(struct kind *k, enum journal_fate result)
{
    struct group *g;

    memset(k, 0, sizeof *k);
    sem_init(&k->go, 0, 0);
    k->fate = result;
    g = group_new(&work, k);
    cr_assert_not_null(g);
    return g;
}

struct publisher {
    struct group *group;
    pthread_t thread;
    const char *key;
    enum journal_fate fate;
    struct message *known;
};

static void *publish(void *argument)
{
    struct publisher *p = argument;
    struct message *m = make_message(1);

    p->known = NULL;
    p->fate = group_publish(p->group, m, p->key, &p->known);
    message_unref(m);
    return NULL;
}

static void publisher_start(struct publisher *p, struct group *g,
                            const char *key)
{
    p->group = g;
    p->key = key;
    cr_assert_eq(pthread_create(&p->thread, NULL, publish, p), 0);
}

/* Waits for its end. */
static void publisher_expect(struct publisher *p, enum journal_fate fate)
{
    pthread_join(p->thread, NULL);
    cr_expect_eq(p->fate, fate);
}

static struct journal_stats stats_of(struct group *g)
{
    struct journal_stats stats;

    group_stats(g, &stats);
    return stats;
}

/* Waits until the thread keeps one message and `waiting` others wait. */
static void wait_for_queue(struct group *g, size_t waiting)
{
    const int64_t start = clock_monotonic_ms();

    for (;;) {
        struct journal_stats stats = stats_of(g);

        if (stats.batch == 1 && stats.waiting == waiting)
            return;
        wait_a_moment(start, "the publishers to wait");
    }
}

/* The thread has taken the one, and hangs; the other one waits. */
static void publish_two(struct group *g, struct publisher *taken,
                        struct publisher *waiting, const char *key)
{
    publisher_start(taken, g, "");
    wait_for_queue(g, 0);
    publisher_start(waiting, g, key);
    wait_for_queue(g, 1);
}

static void end(struct group *g, struct kind *k)
{
    sem_post(&k->go);
    group_free(g);
    sem_destroy(&k->go);
}

Test(group, all_that_wait_are_one_batch)
{
    struct publisher p[PUBLISHERS];
    struct kind k;
    struct group *g = start(&k, JOURNAL_KEPT);

    publisher_start(&p[0], g, "");
    wait_for_queue(g, 0);
    for (int i = 1; i < PUBLISHERS; i++)
        publisher_start(&p[i], g, "");
    wait_for_queue(g, PUBLISHERS - 1);
    sem_post(&k.go);
    sem_post(&k.go);
    for (int i = 0; i < PUBLISHERS; i++)
        publisher_expect(&p[i], JOURNAL_KEPT);
    cr_expect_eq(k.batches, 2);
    cr_expect_eq(k.messages, PUBLISHERS);
    cr_expect_eq(stats_of(g).batches, 2);
    cr_expect_eq(stats_of(g).messages, PUBLISHERS);
    end(g, &k);
}

static const struct {
    enum journal_fate fate;
    uint64_t refused, unclear;
} failures[] = {
    {JOURNAL_REFUSED, 1, 0},
    {JOURNAL_UNCLEAR, 1, 1},
};

Test(group, a_failure_is_told)
{
    for (size_t i = 0; i < COUNT(failures); i++) {
        struct publisher p;
        struct kind k;
        struct group *g = start(&k, failures[i].fate);

        sem_post(&k.go);
        publisher_start(&p, g, "");
        publisher_expect(&p, failures[i].fate);
        cr_expect_eq(stats_of(g).refused, failures[i].refused);
        cr_expect_eq(stats_of(g).unclear, failures[i].unclear);
        cr_expect_eq(stats_of(g).messages, 0);
        end(g, &k);
    }
}

/* The thread hangs: after LIMIT_JOURNAL_MS nobody waits any more, and what was
 * not taken never comes. */
Test(group, nobody_waits_for_ever)
{
    struct publisher taken, waiting;
    struct kind k;
    struct group *g = start(&k, JOURNAL_KEPT);

    publisher_start(&taken, g, "");
    wait_for_queue(g, 0);
    publisher_start(&waiting, g, "");
    publisher_expect(&taken, JOURNAL_UNCLEAR);
    publisher_expect(&waiting, JOURNAL_REFUSED);
    cr_expect_eq(stats_of(g).waiting, 0);
    end(g, &k);
    cr_expect_eq(k.messages, 1);
}

Test(group, after_close_nobody_waits)
{
    struct publisher taken, waiting, late;
    struct kind k;
    struct group *g = start(&k, JOURNAL_KEPT);

    publish_two(g, &taken, &waiting, "");
    group_close(g);
    publisher_expect(&taken, JOURNAL_UNCLEAR);
    publisher_expect(&waiting, JOURNAL_REFUSED);
    publisher_start(&late, g, "");
    publisher_expect(&late, JOURNAL_REFUSED);
    end(g, &k);
    cr_expect_eq(k.messages, 1);
}

/* Whatever becomes of the others. */
Test(group, a_known_key_is_told)
{
    struct publisher known, other;
    struct kind k;
    struct group *g = start(&k, JOURNAL_REFUSED);

    publisher_start(&known, g, "K");
    wait_for_queue(g, 0);
    sem_post(&k.go);
    publisher_expect(&known, JOURNAL_KEPT);
    cr_expect_not_null(known.known);
    message_unref(known.known);
    sem_post(&k.go);
    publisher_start(&other, g, "other");
    publisher_expect(&other, JOURNAL_REFUSED);
    cr_expect_null(other.known);
    cr_expect_eq(stats_of(g).repeats, 1);
    cr_expect_eq(stats_of(g).messages, 0);
    cr_expect_eq(stats_of(g).refused, 1);
    end(g, &k);
}

/* A batch has a key once; the others go on, and nobody is left behind. */
Test(group, twins_are_never_in_one_batch)
{
    static const char *const keys[] = {"a", "a", "b", "", "", "a", "b"};
    struct publisher first, p[COUNT(keys)];
    struct kind k;
    struct group *g = start(&k, JOURNAL_KEPT);

    publisher_start(&first, g, "");
    wait_for_queue(g, 0);
    for (size_t i = 0; i < COUNT(keys); i++) {
        publisher_start(&p[i], g, keys[i]);
        wait_for_queue(g, i + 1);
    }
    for (int batch = 0; batch < 4; batch++)
        sem_post(&k.go);
    publisher_expect(&first, JOURNAL_KEPT);
    for (size_t i = 0; i < COUNT(keys); i++)
        publisher_expect(&p[i], JOURNAL_KEPT);
    cr_expect_eq(k.batches, 4, "a, b and both without; a and b; a; the first");
    cr_expect_eq(k.messages, (int)COUNT(keys) + 1);
    end(g, &k);
}

/* A message with a key may have been kept before. So nobody knows of it. */
Test(group, of_a_key_nobody_knows_until_it_is_looked_up)
{
    struct publisher taken, waiting;
    struct kind k;
    struct group *g = start(&k, JOURNAL_KEPT);

    publish_two(g, &taken, &waiting, "a");
    group_close(g);
    publisher_expect(&taken, JOURNAL_UNCLEAR);
    publisher_expect(&waiting, JOURNAL_UNCLEAR);
    end(g, &k);
    cr_expect_eq(k.messages, 1);
}

Test(group, rest_comes_when_it_is_due)
{
    const int64_t begin = clock_monotonic_ms();
    struct publisher p;
    struct kind k;
    struct group *g = start(&k, JOURNAL_KEPT);

    k.due = 1;
    sem_post(&k.go);
    publisher_start(&p, g, ""); /* rest is asked after a batch */
    publisher_expect(&p, JOURNAL_KEPT);
    while (k.rests < 10)
        wait_a_moment(begin, "ten rests");
    k.due = 0;
    end(g, &k);
}
