/*
 * lost_wakeup: why a thread waits for a condition variable under the mutex,
 * and in a loop around a predicate.
 *
 *     lost_wakeup broken   the waiter looks, then sleeps: a message that comes
 *                          in between wakes nobody
 *     lost_wakeup fixed    looking and going to sleep are one step
 *
 * A publisher hands 1,000 messages over, one at a time. If there is no progress
 * for a second, a wake-up was lost. Built with -fsanitize=thread (`make labs`),
 * the broken one is also reported as a data race.
 *
 * Exit status: 0 if all arrived, 1 if a wake-up was lost.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGES = 1000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool full; /* a message is there; the mutex ought to guard it */
static atomic_int received;

/* The mistake: the other thread may set `full` and signal between this look and
 * the wait. Nobody waits yet, so the signal is lost, and this thread sleeps for
 * ever. */
static void wait_broken(bool wanted)
{
    if (full != wanted) {
        usleep(10); /* time for the other thread to come in between */
        pthread_mutex_lock(&mutex);
        pthread_cond_wait(&changed, &mutex);
        pthread_mutex_unlock(&mutex);
    }
}

/* pthread_cond_wait unlocks and falls asleep in one step, so nothing can happen
 * between the last look and the sleep. It may also return without a reason, or
 * for another thread's reason, so the loop looks again. */
static void wait_fixed(bool wanted)
{
    pthread_mutex_lock(&mutex);
    while (full != wanted)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
}

static void (*wait_until)(bool wanted);

static void set(bool value)
{
    pthread_mutex_lock(&mutex);
    full = value;
    pthread_mutex_unlock(&mutex);
    pthread_cond_signal(&changed);
}

static void *subscribe(void *unused)
{
    for (int i = 0; i < MESSAGES; i++) {
        wait_until(true);
        received++;
        set(false);
    }
    return unused;
}

static void *publish(void *unused)
{
    for (int i = 0; i < MESSAGES; i++) {
        wait_until(false);
        set(true);
    }
    return unused;
}

/* Waits for the end of both threads; false after a second without progress. */
static bool watch(void)
{
    for (int before = -1, now = 0; now < MESSAGES; before = now) {
        sleep(1);
        now = received;
        if (now == before)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    bool broken = argc == 2 && strcmp(argv[1], "broken") == 0;
    pthread_t publisher, subscriber;

    if (!broken && (argc != 2 || strcmp(argv[1], "fixed") != 0)) {
        fprintf(stderr, "usage: lost_wakeup broken|fixed\n");
        return 2;
    }
    wait_until = broken ? wait_broken : wait_fixed;
    pthread_create(&subscriber, NULL, subscribe, NULL);
    pthread_create(&publisher, NULL, publish, NULL);
    if (watch()) {
        pthread_join(publisher, NULL);
        pthread_join(subscriber, NULL);
        printf("all %d messages arrived\n", MESSAGES);
        return 0;
    }
    printf("lost wake-up: %d of %d messages arrived, and both threads sleep\n",
           received, MESSAGES);
    fflush(stdout);
    _exit(1); /* they would sleep for ever */
}
