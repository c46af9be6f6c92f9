/* keys: a message that is retained is found by its key, and no other. And the
 * kind of journal that lives by them: memory. */
#include "store_check.h"
#include "unit.h"

#include "base/clock.h"
#include "journal/journal.h"
#include "journal/keys.h"
#include "store/publishers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

TestSuite(keys, .timeout = TEST_SECONDS);

enum { HISTORY = 10 };

struct fixture {
    struct store *store;
    struct journal *journal;
};

static struct fixture open_memory(void)
{
    const struct journal_options options = {.history = HISTORY};
    char error[JOURNAL_ERROR_SIZE];
    struct fixture f = {.store = store_new(HISTORY, 2, 10)};

    cr_assert_not_null(f.store);
    f.journal = journal_open(&options, f.store, error);
    cr_assert_not_null(f.journal, "%s", error);
    return f;
}

static void end(struct fixture *f)
{
    journal_close(f->journal);
    journal_free(f->journal);
    store_free(f->store);
}

/* Publishes message `number`. *id becomes that of the message that the
 * publisher is told of. */
static enum journal_fate post(struct fixture *f, const char *key, int number,
                              struct event_id *id)
{
    struct message *m = make_message(number);
    enum journal_fate fate = journal_publish(f->journal, &m, key);

    if (fate == JOURNAL_KEPT)
        *id = message_id(m);
    message_unref(m);
    return fate;
}

static uint64_t published(struct fixture *f)
{
    return store_stats(f->store).published;
}

Test(keys, a_repetition_publishes_nothing)
{
    struct fixture f = open_memory();
    struct event_id first, again, other;

    cr_expect_eq(post(&f, "a", 1, &first), JOURNAL_KEPT);
    cr_expect_eq(post(&f, "a", 1, &again), JOURNAL_KEPT);
    cr_expect_eq(event_id_compare(first, again), 0);
    cr_expect_eq(published(&f), 1);
    cr_expect_eq(post(&f, "a", 2, &other), JOURNAL_OTHER);
    cr_expect_eq(published(&f), 1);
    cr_expect_eq(post(&f, "b", 1, &other), JOURNAL_KEPT);
    cr_expect_eq(post(&f, "", 1, &other), JOURNAL_KEPT);
    cr_expect_eq(post(&f, "", 1, &other), JOURNAL_KEPT);
    cr_expect_eq(published(&f), 4);
    end(&f);
}

/* Whether others had keys or none. */
Test(keys, a_key_goes_with_its_message)
{
    for (int with = 0; with < 2; with++) {
        struct fixture f = open_memory();
        struct event_id first, last, id;

        post(&f, "a", 1, &first);
        for (int i = 2; i <= HISTORY; i++) {
            char key[16] = "";

            if (with)
                snprintf(key, sizeof key, "%d", i);
            post(&f, key, i, &id);
        }
        post(&f, "a", 1, &id);
        cr_expect_eq(event_id_compare(first, id), 0);
        post(&f, "", 11, &id);
        cr_expect_eq(post(&f, "a", 99, &last), JOURNAL_KEPT);
        cr_expect_gt(event_id_compare(last, id), 0);
        post(&f, "a", 99, &id);
        cr_expect_eq(event_id_compare(last, id), 0);
        cr_expect_eq(published(&f), HISTORY + 2);
        end(&f);
    }
}

Test(keys, those_that_are_gone_take_no_room)
{
    struct store *s = store_new(HISTORY, 2, 10);
    struct keys *k = keys_new(s);

    for (int i = 0; i < 10000; i++) {
        struct message *m = make_message(i), *known;
        char key[16];

        snprintf(key, sizeof key, "%d", i);
        cr_assert(keys_claim(k, key, &known));
        store_publish(s, m);
        keys_settle(k, key, m);
        message_unref(m);
        cr_assert_leq(keys_count(k), 2 * HISTORY + 1, "%d: %zu", i,
                      keys_count(k));
    }
    keys_free(k);
    store_free(s);
}

/* Nobody posts with a key any more. */
Test(keys, a_sweep_forgets_those_that_are_gone)
{
    struct store *s = store_new(HISTORY, 2, 10);
    struct keys *k = keys_new(s);

    for (int i = 0; i < 2 * HISTORY; i++) {
        struct message *m = make_message(i), *known;
        char key[16];

        snprintf(key, sizeof key, "%d", i);
        if (i < HISTORY)
            cr_assert(keys_claim(k, key, &known));
        store_publish(s, m);
        if (i < HISTORY)
            keys_settle(k, key, m);
        message_unref(m);
    }
    cr_expect_eq(keys_count(k), HISTORY);
    for (int i = 0; i < HISTORY; i++)
        keys_sweep(k);
    cr_expect_eq(keys_count(k), 0);
    keys_free(k);
    store_free(s);
}

/* --max-memory counts the keys of the messages in channels, until they go. */
Test(keys, a_key_weighs)
{
    enum { POSTS = 30 };
    size_t retained[2];

    for (int with = 0; with < 2; with++) {
        struct fixture f = open_memory();

        store_set_channels(f.store, POSTS, 10000);
        for (int i = 0; i < POSTS; i++) {
            char name[16], key[LIMIT_KEY + 1] = "";
            struct message *m;
            struct channel *c;

            snprintf(name, sizeof name, "%d", i);
            if (with)
                snprintf(key, sizeof key, "%0200d", i);
            m = make_raw_message(name, i);
            c = store_enter(f.store, name);
            cr_assert_eq(journal_publish(f.journal, &m, key), JOURNAL_KEPT);
            store_leave(f.store, c);
            message_unref(m);
        }
        retained[with] = store_stats(f.store).retained;
        end(&f);
    }
    cr_expect_eq(retained[0], POSTS);
    cr_expect(retained[1] > 2 && retained[1] < 20, "%zu", retained[1]);
}

Test(keys, what_was_not_published_is_not_known)
{
    struct fixture f = open_memory();
    struct event_id id;

    store_close(f.store);
    cr_expect_eq(post(&f, "a", 1, &id), JOURNAL_STOPPING);
    cr_expect_eq(post(&f, "a", 2, &id), JOURNAL_STOPPING);
    end(&f);
}

/* ---- the same key at the same time --------------------------------------- */

enum { THREADS = 20, ROUNDS = 200 };

struct crowd {
    struct fixture f;
    pthread_barrier_t barrier;
    _Atomic int64_t ms[ROUNDS];
    atomic_int wrong;
};

static void *repeat_all(void *argument)
{
    struct crowd *c = argument;

    for (int i = 0; i < ROUNDS; i++) {
        struct event_id id = {0, 0};
        int64_t none = 0;
        char key[16];

        snprintf(key, sizeof key, "%d", i);
        pthread_barrier_wait(&c->barrier);
        if (post(&c->f, key, i, &id) != JOURNAL_KEPT)
            atomic_fetch_add(&c->wrong, 1);
        if (!atomic_compare_exchange_strong(&c->ms[i], &none, id.ms) &&
            none != id.ms)
            atomic_fetch_add(&c->wrong, 1);
    }
    return NULL;
}

Test(keys, twenty_at_once_publish_once)
{
    static struct crowd c;
    pthread_t threads[THREADS];

    c.f = open_memory();
    pthread_barrier_init(&c.barrier, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, repeat_all, &c), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    cr_expect_eq(c.wrong, 0, "%d", c.wrong);
    cr_expect_eq(published(&c.f), ROUNDS);
    pthread_barrier_destroy(&c.barrier);
    end(&c.f);
}

/* Who comes second waits until the first has given up, and then has the key. */
static void *claim(void *argument)
{
    struct message *known;

    return keys_claim(argument, "a", &known) ? argument : NULL;
}

Test(keys, a_key_that_was_given_up_is_the_next_ones)
{
    struct store *s = store_new(HISTORY, 2, 10);
    struct keys *k = keys_new(s);
    struct message *known;
    pthread_t second;
    void *claimed;

    cr_assert(keys_claim(k, "a", &known));
    cr_assert_eq(pthread_create(&second, NULL, claim, k), 0);
    keys_settle(k, "a", NULL);
    pthread_join(second, &claimed);
    cr_expect_eq(claimed, k);
    keys_settle(k, "a", NULL);
    cr_expect_eq(keys_count(k), 0);
    keys_free(k);
    store_free(s);
}
