/* trace: see trace.h. */
#include "store/trace.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* All is atomic, so that a reader may look at a place that is being written.
 * `number` is that of the step plus 1; 0: nothing; BUSY: it is being written.
 */
struct trace_place {
    atomic_ullong number;
    atomic_llong ns;
    atomic_int thread, other, step;
    atomic_llong ms;
    atomic_ullong nth;
};

#define BUSY UINT64_MAX

enum { ACQUIRE = memory_order_acquire, RELEASE = memory_order_release };

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int trace_keep(struct trace *t, int64_t ms)
{
    struct trace_place *ring = NULL, *made;

    if (ms > 0 && !atomic_load(&t->ring)) {
        made = calloc(TRACE_SIZE, sizeof *made);
        if (!made)
            return -1;
        if (!atomic_compare_exchange_strong(&t->ring, &ring, made))
            free(made); /* another thread was faster */
    }
    atomic_store(&t->until, now_ns() + ms * 1000000);
    atomic_store(&t->on, ms > 0);
    return 0;
}

void trace_free(struct trace *t)
{
    free(atomic_load(&t->ring));
}

uint64_t trace_count(struct trace *t)
{
    return atomic_load_explicit(&t->next, ACQUIRE);
}

/* False if another thread is still writing there: this one has gone all the
 * way round meanwhile. */
static bool claim(struct trace_place *p)
{
    unsigned long long was = atomic_load_explicit(&p->number, ACQUIRE);

    return was != BUSY &&
           atomic_compare_exchange_strong(&p->number, &was, BUSY);
}

void trace_write(struct trace *t, enum trace_step step, int other,
                 const struct event_id *id)
{
    const int64_t now = now_ns();
    struct trace_place *p;
    uint64_t number;

    if (now > atomic_load_explicit(&t->until, ACQUIRE)) {
        atomic_store(&t->on, false); /* nobody looks any more */
        return;
    }
    number = atomic_fetch_add(&t->next, 1);
    p = &atomic_load(&t->ring)[number % TRACE_SIZE];
    if (!claim(p))
        return; /* this step is lost */
    atomic_store_explicit(&p->ns, now, RELEASE);
    atomic_store_explicit(&p->thread, gettid(), RELEASE);
    atomic_store_explicit(&p->other, other, RELEASE);
    atomic_store_explicit(&p->step, (int)step, RELEASE);
    atomic_store_explicit(&p->ms, id ? id->ms : 0, RELEASE);
    atomic_store_explicit(&p->nth, id ? id->nth : 0, RELEASE);
    atomic_store_explicit(&p->number, number + 1, RELEASE);
}

/* Returns false if the step of this number is not there any more, or not yet.
 */
static bool read_place(struct trace_place *p, uint64_t number,
                       struct trace_entry *e)
{
    if (atomic_load_explicit(&p->number, ACQUIRE) != number + 1)
        return false;
    e->number = number;
    e->ns = atomic_load_explicit(&p->ns, ACQUIRE);
    e->thread = atomic_load_explicit(&p->thread, ACQUIRE);
    e->other = atomic_load_explicit(&p->other, ACQUIRE);
    e->step = (enum trace_step)atomic_load_explicit(&p->step, ACQUIRE);
    e->id.ms = atomic_load_explicit(&p->ms, ACQUIRE);
    e->id.nth = atomic_load_explicit(&p->nth, ACQUIRE);
    return atomic_load_explicit(&p->number, ACQUIRE) == number + 1;
}

size_t trace_read(struct trace *t, uint64_t from, struct trace_entry *entries,
                  size_t most)
{
    struct trace_place *ring = atomic_load(&t->ring);
    const uint64_t next = trace_count(t);
    size_t n = 0;

    if (!ring)
        return 0;
    if (next > TRACE_SIZE && from < next - TRACE_SIZE)
        from = next - TRACE_SIZE;
    for (; from < next && n < most; from++)
        if (read_place(&ring[from % TRACE_SIZE], from, &entries[n]))
            n++;
    return n;
}
