/* tide: how far the store has got, and who waits for it. */
#include "journal/redis/tide.h"

#include "base/clock.h"

#include <criterion/criterion.h>

static const struct event_id one = {1, 0}, two = {2, 0}, three = {2, 1};

Test(tide, what_is_there_is_not_waited_for)
{
    struct tide t;

    tide_init(&t, two);
    cr_expect(tide_wait(&t, one, 0));
    cr_expect(tide_wait(&t, two, 0));
    cr_expect_not(tide_wait(&t, three, 0));
    cr_expect_eq(event_id_compare(tide_at(&t), two), 0);
    tide_destroy(&t);
}

static void *rise(void *argument)
{
    struct tide *t = argument;
    bool waits = false;

    while (!waits) {
        pthread_mutex_lock(&t->mutex);
        waits = t->waiting > 0;
        pthread_mutex_unlock(&t->mutex);
    }
    tide_rise(t, one);
    tide_rise(t, three);
    return NULL;
}

Test(tide, who_waits_is_woken_when_it_has_come)
{
    struct tide t;
    pthread_t thread;

    tide_init(&t, (struct event_id){0, 0});
    cr_assert_eq(pthread_create(&thread, NULL, rise, &t), 0);
    cr_expect(tide_wait(&t, two, clock_monotonic_ms() + 100000));
    pthread_join(thread, NULL);
    tide_destroy(&t);
}

static void *close_it(void *argument)
{
    tide_close(argument);
    return NULL;
}

Test(tide, nobody_waits_for_one_that_is_closed)
{
    struct tide t;
    pthread_t thread;

    tide_init(&t, one);
    cr_assert_eq(pthread_create(&thread, NULL, close_it, &t), 0);
    cr_expect_not(tide_wait(&t, two, clock_monotonic_ms() + 100000));
    pthread_join(thread, NULL);
    cr_expect(tide_wait(&t, one, 0));
    tide_destroy(&t);
}
