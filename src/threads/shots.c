/* shots: see shots.h. */
#include "threads/shots.h"

#include "base/clock.h"
#include "base/lock.h"
#include "threads/look_json.h"

#include <stdlib.h>
#include <unistd.h>

/* Looks may take this share of one core, and so much at once, if there were
 * none for a while. */
static const double share = 1.0 / 50, most_credit_ms = 100;

struct shots {
    atomic_int viewers;

    pthread_mutex_t mutex;
    pthread_cond_t taken; /* a thread has taken a look */

    /* Guarded by the mutex. */
    bool taking;         /* a thread takes a look */
    struct shot *latest; /* or NULL */
    double credit;       /* CPU time that looks may take, ms */
    int64_t credited;    /* when it was reckoned; ms, monotonic */
};

struct shots *shots_of(struct context *context)
{
    struct shots *s = atomic_load(&context->shots), *made;

    if (s)
        return s;
    made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->viewers, 0);
    lock_mutex_init(&made->mutex);
    lock_cond_init(&made->taken);
    made->credit = most_credit_ms;
    made->credited = clock_monotonic_ms();
    if (atomic_compare_exchange_strong(&context->shots, &s, made))
        return made;
    free(made); /* another thread was faster: s is its */
    return s;
}

bool shots_enter(struct shots *s)
{
    if (atomic_fetch_add(&s->viewers, 1) < LIMIT_VIEWERS)
        return true;
    shots_leave(s);
    return false;
}

void shots_leave(struct shots *s)
{
    atomic_fetch_sub(&s->viewers, 1);
}

void shot_unref(struct shot *shot)
{
    if (!shot || atomic_fetch_sub(&shot->refs, 1) > 1)
        return;
    free((char *)(uintptr_t)shot->all.at);
    free((char *)(uintptr_t)shot->changes.at);
    free(shot->look.rows);
    free(shot);
}

static struct slice print(const struct shot *now, const struct shot *before,
                          struct context *context)
{
    struct slice event = {NULL, 0};

    event.at = look_json_event(&now->look, before ? &before->look : NULL,
                               context, &event.len);
    return event;
}

/* Takes a look, without the mutex. Returns a shot with one reference. */
static struct shot *take(const struct shot *before, struct context *context)
{
    struct shot *shot = calloc(1, sizeof *shot);
    int directory;
    bool taken;

    if (!shot)
        return NULL;
    directory = proc_open(PROC_DIRECTORY);
    atomic_init(&shot->refs, 1);
    shot->number = before ? before->number + 1 : 1;
    shot->taken = clock_monotonic_ms();
    taken = look_take(&shot->look, before ? &before->look : NULL, context,
                      directory);
    if (directory >= 0)
        close(directory);
    if (taken) {
        shot->all = print(shot, NULL, context);
        shot->changes = print(shot, before, context);
    }
    if (taken && shot->all.at && shot->changes.at)
        return shot;
    shot_unref(shot);
    return NULL;
}

static double cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Takes a new latest shot. Releases the mutex meanwhile. */
static void renew(struct shots *s, struct context *context)
{
    struct shot *before = s->latest, *now;
    double start = cpu_ms();

    lock_assert_held(&s->mutex);
    s->taking = true;
    pthread_mutex_unlock(&s->mutex);
    now = take(before, context);
    pthread_mutex_lock(&s->mutex);
    s->credit -= cpu_ms() - start;
    s->taking = false;
    s->latest = now;
    pthread_cond_broadcast(&s->taken);
    shot_unref(before);
}

/* True if looks have taken no more than their share. */
static bool has_credit(struct shots *s)
{
    const int64_t now = clock_monotonic_ms();

    s->credit += (double)(now - s->credited) * share;
    s->credited = now;
    if (s->credit > most_credit_ms)
        s->credit = most_credit_ms;
    return s->credit > 0;
}

/* The predicate of shots_take: the latest shot is young enough, or there may be
 * no other yet. */
static bool will_do(struct shots *s, int64_t oldest)
{
    return s->latest && (s->latest->taken >= oldest || !has_credit(s));
}

struct shot *shots_take(struct shots *s, struct context *context,
                        int max_age_ms)
{
    const int64_t oldest = clock_monotonic_ms() - max_age_ms;
    struct shot *shot;

    pthread_mutex_lock(&s->mutex);
    while (s->taking && !will_do(s, oldest))
        pthread_cond_wait(&s->taken, &s->mutex);
    if (!will_do(s, oldest))
        renew(s, context);
    shot = s->latest;
    if (shot)
        atomic_fetch_add(&shot->refs, 1);
    pthread_mutex_unlock(&s->mutex);
    return shot;
}
