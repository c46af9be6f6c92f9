/*
 * bench-handoff THREADS [PINNED]: what it costs to pass a turn from thread to
 * thread, round and round, as the store does, and nothing else: a mutex, a
 * condition variable for each thread, one signal, one wait. The more threads,
 * the less of each is still in the caches when its turn comes. With a second
 * argument all run on one core.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

enum { MOST = 20000, HANDOFFS = 400000, STACK = 256 * 1024 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake[MOST];
static int turn, threads; /* guarded by the mutex */

static void *run(void *argument)
{
    const int self = (int)(long)argument, next = (self + 1) % threads;

    pthread_mutex_lock(&mutex);
    for (int i = 0; i < HANDOFFS / threads; i++) {
        while (turn != self)
            pthread_cond_wait(&wake[self], &mutex);
        turn = next;
        pthread_mutex_unlock(&mutex);
        pthread_cond_signal(&wake[next]);
        pthread_mutex_lock(&mutex);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void pin(void)
{
    cpu_set_t first;

    CPU_ZERO(&first);
    CPU_SET(0, &first);
    sched_setaffinity(0, sizeof first, &first);
}

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static pthread_t ids[MOST];
    double start, cpu;
    pthread_attr_t small;

    threads = argc > 1 ? atoi(argv[1]) : 1000;
    if (threads < 2 || threads > MOST) {
        fprintf(stderr, "usage: bench-handoff THREADS (2 to 20000) [PINNED]\n");
        return 2;
    }
    if (argc > 2)
        pin();
    /* As the server: the machine's futex hash, and no interruptions. */
    prctl(78, 1, 0, 0, 0);
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK);
    turn = threads; /* nobody's yet */
    for (int i = 0; i < threads; i++) {
        pthread_cond_init(&wake[i], NULL);
        if (pthread_create(&ids[i], &small, run, (void *)(long)i) != 0) {
            fprintf(stderr, "no thread to be had\n");
            return 1;
        }
    }
    start = seconds(CLOCK_MONOTONIC);
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    pthread_mutex_lock(&mutex);
    turn = 0;
    pthread_mutex_unlock(&mutex);
    pthread_cond_signal(&wake[0]);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    printf("%d threads: %.1f us a handoff, %.1f us of processor time\n",
           threads, (seconds(CLOCK_MONOTONIC) - start) * 1e6 / (double)HANDOFFS,
           (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e6 / (double)HANDOFFS);
    return 0;
}
