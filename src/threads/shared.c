/* shared: see shared.h. */
#include "threads/shared.h"

#include "base/clock.h"
#include "base/lock.h"

#include <stdlib.h>

/* Looks may take this share of one core, and so much at once, if there were
 * none for a while. */
static const double share = 1.0 / 50, most_credit_ms = 100;

void shared_init(struct shared *s)
{
    lock_mutex_init(&s->mutex);
    lock_cond_init(&s->taken);
    s->credit = most_credit_ms;
    s->credited = clock_monotonic_ms();
}

void shared_unref(struct shared_look *look)
{
    if (look && atomic_fetch_sub(&look->refs, 1) == 1)
        look->kind->free(look);
}

/* Takes a look, without the mutex. Returns it with one reference. */
static struct shared_look *take(const struct shared_kind *kind,
                                const struct shared_look *before,
                                struct context *context)
{
    const int64_t now = clock_monotonic_ms();
    struct shared_look *look = kind->take(before, context);

    if (!look)
        return NULL;
    look->kind = kind;
    atomic_init(&look->refs, 1);
    look->number = before ? before->number + 1 : 1;
    look->taken = now;
    return look;
}

static double cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Takes a new latest look. Releases the mutex meanwhile. */
static void renew(struct shared *s, const struct shared_kind *kind,
                  struct context *context)
{
    struct shared_look *before = s->latest, *now;
    double start = cpu_ms();

    lock_assert_held(&s->mutex);
    s->taking = true;
    pthread_mutex_unlock(&s->mutex);
    now = take(kind, before, context);
    pthread_mutex_lock(&s->mutex);
    s->credit -= cpu_ms() - start;
    s->taking = false;
    s->latest = now;
    pthread_cond_broadcast(&s->taken);
    shared_unref(before);
}

/* True if looks have taken no more than their share. */
static bool has_credit(struct shared *s)
{
    const int64_t now = clock_monotonic_ms();

    s->credit += (double)(now - s->credited) * share;
    s->credited = now;
    if (s->credit > most_credit_ms)
        s->credit = most_credit_ms;
    return s->credit > 0;
}

/* The predicate of shared_take: the latest look is young enough, or there may
 * be no other yet. */
static bool will_do(struct shared *s, int64_t oldest)
{
    return s->latest && (s->latest->taken >= oldest || !has_credit(s));
}

struct shared_look *shared_take(struct shared *s,
                                const struct shared_kind *kind,
                                struct context *context, int max_age_ms)
{
    const int64_t oldest = clock_monotonic_ms() - max_age_ms;
    struct shared_look *look;

    pthread_mutex_lock(&s->mutex);
    while (s->taking && !will_do(s, oldest))
        pthread_cond_wait(&s->taken, &s->mutex);
    if (!will_do(s, oldest))
        renew(s, kind, context);
    look = s->latest;
    if (look)
        atomic_fetch_add(&look->refs, 1);
    pthread_mutex_unlock(&s->mutex);
    return look;
}

struct slice shared_text(struct shared_text *t)
{
    const struct slice *slice = atomic_load(&t->slice);

    return slice ? *slice : (struct slice){NULL, 0};
}

static void drop(struct slice *slice)
{
    if (slice)
        free((char *)(uintptr_t)slice->at);
    free(slice);
}

struct slice shared_text_set(struct shared_text *t, char *text, size_t len)
{
    struct slice *made = text ? malloc(sizeof *made) : NULL, *there = NULL;

    if (!made) {
        free(text);
        return (struct slice){NULL, 0};
    }
    *made = (struct slice){text, len};
    if (!atomic_compare_exchange_strong(&t->slice, &there, made))
        drop(made);
    return shared_text(t);
}

void shared_text_free(struct shared_text *t)
{
    drop(atomic_load(&t->slice));
}
