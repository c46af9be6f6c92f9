/* waiter: see waiter.h. */
#include "waiter.h"

#include "store_check.h"
#include "unit.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static _Thread_local struct waiter *me;

/* Only calls that are safe in a handler. */
static void sit(int signal)
{
    int error = errno;
    char byte;

    (void)signal;
    me->frozen = true;
    sem_post(&me->at_rest);
    while (read(me->thaw[0], &byte, 1) < 0)
        ;
    me->frozen = false;
    errno = error;
}

static void *wait_in_store(void *argument)
{
    struct waiter *w = argument;

    me = w;
    w->id = gettid();
    w->news = store_wait(w->store, w->sub, w->deadline, LIMIT_BATCH, &w->batch);
    w->in_time = clock_monotonic_ms() < w->deadline;
    w->returned = true;
    return NULL;
}

/* Until it sleeps or has returned. */
static void settle(struct waiter *w)
{
    int64_t start = clock_monotonic_ms();

    while (!w->returned && (w->id == 0 || w->frozen || !is_asleep(w->id)))
        wait_a_moment(start, "a waiter that sleeps");
}

void waiter_start(struct waiter *w, struct store *s, struct subscriber *sub,
                  int64_t deadline)
{
    struct sigaction action = {.sa_handler = sit};

    *w = (struct waiter){.store = s, .sub = sub, .deadline = deadline};
    sigaction(SIGUSR1, &action, NULL);
    cr_assert_eq(sem_init(&w->at_rest, 0, 0), 0);
    cr_assert_eq(pipe(w->thaw), 0);
    cr_assert_eq(pthread_create(&w->thread, NULL, wait_in_store, w), 0);
    settle(w);
}

bool waiter_freeze(struct waiter *w)
{
    int64_t start = clock_monotonic_ms();

    pthread_kill(w->thread, SIGUSR1);
    while (!w->returned && sem_trywait(&w->at_rest) < 0)
        wait_a_moment(start, "a waiter that is frozen");
    if (!w->returned)
        return true;
    /* In case the signal comes on its way out. */
    cr_assert_eq(write(w->thaw[1], "", 1), 1);
    return false;
}

void waiter_thaw(struct waiter *w)
{
    cr_assert_eq(write(w->thaw[1], "", 1), 1);
    settle(w);
}

bool waiter_returned(const struct waiter *w)
{
    return w->returned;
}

enum store_news waiter_join(struct waiter *w)
{
    pthread_join(w->thread, NULL);
    close(w->thaw[0]);
    close(w->thaw[1]);
    sem_destroy(&w->at_rest);
    return w->news;
}

void waiter_expect(struct waiter *w, int from, int to)
{
    enum store_news news = waiter_join(w);

    cr_assert(news == STORE_MESSAGES, "news %d, not %d to %d", news, from, to);
    cr_expect(w->in_time, "nothing woke it up");
    expect_batch(&w->batch, from, to);
}
