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
    atomic_int result; /* enum letter_result */
    atomic_llong due;  /* of rest, after now; 0: never */
};

static enum letter_result keep(void *self, struct message *const *messages,
                               size_t n)
{
    struct kind *k = self;

    atomic_fetch_add(&k->batches, 1);
    while (sem_wait(&k->go) != 0)
        ;
    for (size_t i = 0; i < n; i++)
        message_unref(message_ref(messages[i]));
    atomic_fetch_add(&k->messages, (int)n);
    return (enum letter_result)atomic_load(&k->result);
}

static int64_t rest(void *self)
{
    struct kind *k = self;

    atomic_fetch_add(&k->rests, 1);
    return k->due ? clock_monotonic_ms() + k->due : INT64_MAX;
}

static const struct group_work work = {keep, rest};

static struct group *start(struct kind *k, enum letter_result result)
{
    struct group *g;

    memset(k, 0, sizeof *k);
    sem_init(&k->go, 0, 0);
    k->result = result;
    g = group_new(&work, k);
    cr_assert_not_null(g);
    return g;
}

struct publisher {
    struct group *group;
    pthread_t thread;
    const char *refusal;
};

static void *publish(void *argument)
{
    struct publisher *p = argument;
    struct message *m = make_message(1);

    p->refusal = group_publish(p->group, m);
    message_unref(m);
    return NULL;
}

static void publisher_start(struct publisher *p, struct group *g)
{
    p->group = g;
    cr_assert_eq(pthread_create(&p->thread, NULL, publish, p), 0);
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
    struct group *g = start(&k, LETTER_KEPT);

    publisher_start(&p[0], g);
    wait_for_queue(g, 0);
    for (int i = 1; i < PUBLISHERS; i++)
        publisher_start(&p[i], g);
    wait_for_queue(g, PUBLISHERS - 1);
    sem_post(&k.go);
    sem_post(&k.go);
    for (int i = 0; i < PUBLISHERS; i++) {
        pthread_join(p[i].thread, NULL);
        cr_expect_null(p[i].refusal, "%s", p[i].refusal);
    }
    cr_expect_eq(k.batches, 2);
    cr_expect_eq(k.messages, PUBLISHERS);
    cr_expect_eq(stats_of(g).batches, 2);
    cr_expect_eq(stats_of(g).messages, PUBLISHERS);
    end(g, &k);
}

static const struct {
    enum letter_result result;
    const char *words;
    uint64_t refused, unclear;
} results[] = {
    {LETTER_REFUSED, "nobody got it", 1, 0},
    {LETTER_UNCLEAR, "not known", 1, 1},
};

Test(group, a_failure_is_told)
{
    for (size_t i = 0; i < COUNT(results); i++) {
        struct publisher p;
        struct kind k;
        struct group *g = start(&k, results[i].result);

        sem_post(&k.go);
        publisher_start(&p, g);
        pthread_join(p.thread, NULL);
        cr_assert_not_null(p.refusal);
        cr_expect_not_null(strstr(p.refusal, results[i].words), "%s",
                           p.refusal);
        cr_expect_eq(stats_of(g).refused, results[i].refused);
        cr_expect_eq(stats_of(g).unclear, results[i].unclear);
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
    struct group *g = start(&k, LETTER_KEPT);

    publisher_start(&taken, g);
    wait_for_queue(g, 0);
    publisher_start(&waiting, g);
    pthread_join(taken.thread, NULL);
    pthread_join(waiting.thread, NULL);
    cr_expect_not_null(strstr(taken.refusal, "not known"), "%s", taken.refusal);
    cr_expect_not_null(strstr(waiting.refusal, "nobody got it"), "%s",
                       waiting.refusal);
    cr_expect_eq(stats_of(g).waiting, 0);
    end(g, &k);
    cr_expect_eq(k.messages, 1);
}

Test(group, after_close_nobody_waits)
{
    struct publisher taken, waiting, late;
    struct kind k;
    struct group *g = start(&k, LETTER_KEPT);

    publisher_start(&taken, g);
    wait_for_queue(g, 0);
    publisher_start(&waiting, g);
    wait_for_queue(g, 1);
    group_close(g);
    pthread_join(taken.thread, NULL);
    pthread_join(waiting.thread, NULL);
    publisher_start(&late, g);
    pthread_join(late.thread, NULL);
    cr_expect_not_null(strstr(taken.refusal, "not known"), "%s", taken.refusal);
    cr_expect_not_null(strstr(waiting.refusal, "nobody got it"));
    cr_expect_not_null(strstr(late.refusal, "nobody got it"));
    end(g, &k);
    cr_expect_eq(k.messages, 1);
}

Test(group, rest_comes_when_it_is_due)
{
    const int64_t begin = clock_monotonic_ms();
    struct publisher p;
    struct kind k;
    struct group *g = start(&k, LETTER_KEPT);

    k.due = 1;
    sem_post(&k.go);
    publisher_start(&p, g); /* rest is asked after a batch */
    pthread_join(p.thread, NULL);
    while (k.rests < 10)
        wait_a_moment(begin, "ten rests");
    k.due = 0;
    end(g, &k);
}
