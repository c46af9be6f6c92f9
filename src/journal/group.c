/* group: see group.h. */
#include "journal/group.h"

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "journal/letter.h"

#include <stdlib.h>

struct group {
    const struct group_work *work;
    void *self;
    pthread_t thread;
    atomic_bool stuck; /* a publisher has waited in vain */

    pthread_mutex_t mutex;
    pthread_cond_t more; /* a letter waits, or the group ends */

    /* Guarded by the mutex. */
    struct list waiting;
    struct list taken; /* the thread's batch */
    bool closed, ending;
    struct journal_stats stats;

    /* Only for the thread. */
    struct letter *batch[LIMIT_JOURNAL_BATCH];
};

/* ---- the thread ---------------------------------------------------------- */

/* Sleeps until a letter waits, the group ends, or the deadline. */
static void wait_for_letters(struct group *g, int64_t due)
{
    const struct timespec until = clock_timespec(due);

    lock_assert_held(&g->mutex);
    g->stats.since = clock_monotonic_ms();
    while (list_empty(&g->waiting) && !g->ending)
        if (due == INT64_MAX)
            pthread_cond_wait(&g->more, &g->mutex);
        else if (pthread_cond_timedwait(&g->more, &g->mutex, &until) ==
                 ETIMEDOUT)
            return;
}

/* Moves all letters that wait to `taken`, at most LIMIT_JOURNAL_BATCH, and none
 * with a key that is there. Returns how many. */
static size_t take_letters(struct group *g)
{
    struct list *link = g->waiting.next;
    size_t n = 0;

    lock_assert_held(&g->mutex);
    while (n < LIMIT_JOURNAL_BATCH && link != &g->waiting) {
        struct letter *l = LIST_ENTRY(link, struct letter, link);

        link = link->next;
        if (letter_has_twin(l, g->batch, n))
            continue;
        l->is_taken = true;
        list_remove(&l->link);
        list_push_back(&g->taken, &l->link);
        g->batch[n++] = l;
    }
    g->stats.waiting -= n;
    g->stats.batch = n;
    g->stats.since = clock_monotonic_ms();
    return n;
}

/* Tells the publishers of the batch. They are woken after unlocking, and a
 * letter stays until its signal is sent. */
static void answer_letters(struct group *g, enum journal_fate fate)
{
    struct list batch;

    list_init(&batch);
    pthread_mutex_lock(&g->mutex);
    g->stats.batch = 0;
    g->stats.batches++;
    for (struct list *link = g->taken.next; link != &g->taken;
         link = link->next) {
        struct letter *l = LIST_ENTRY(link, struct letter, link);

        l->fate = l->known ? JOURNAL_KEPT : fate;
        g->stats.repeats += l->known != NULL;
        g->stats.messages += !l->known && fate == JOURNAL_KEPT;
    }
    list_move_all(&batch, &g->taken);
    pthread_mutex_unlock(&g->mutex);
    while (!list_empty(&batch)) {
        struct letter *l =
            LIST_ENTRY(list_pop_front(&batch), struct letter, link);

        pthread_cond_signal(&l->done);
        letter_unref(l);
    }
}

static void *run_journal(void *argument)
{
    struct group *g = argument;
    int64_t due = 0;
    bool ending;

    pthread_setname_np(pthread_self(), "journal");
    do {
        size_t n;

        pthread_mutex_lock(&g->mutex);
        wait_for_letters(g, due);
        n = take_letters(g);
        ending = g->ending && n == 0;
        pthread_mutex_unlock(&g->mutex);
        if (n > 0)
            answer_letters(g, g->work->keep(g->self, g->batch, n));
        due = g->work->rest(g->self);
        if (atomic_exchange(&g->stuck, false))
            log_change("journal: answers again");
    } while (!ending);
    return NULL;
}

/* ---- the publishers ------------------------------------------------------ */

/* Sleeps until the letter is answered, at most LIMIT_JOURNAL_MS. */
static void wait_for_answer(struct group *g, struct letter *l)
{
    const struct timespec until =
        clock_timespec(clock_deadline(LIMIT_JOURNAL_MS));

    lock_assert_held(&g->mutex);
    while (l->fate == JOURNAL_WAITING && !g->closed)
        if (pthread_cond_timedwait(&l->done, &g->mutex, &until) == ETIMEDOUT)
            return;
}

/* Takes a letter back that the thread has not taken. */
static void take_back(struct group *g, struct letter *l)
{
    lock_assert_held(&g->mutex);
    l->fate = l->is_taken || l->key[0] ? JOURNAL_UNCLEAR : JOURNAL_REFUSED;
    if (!l->is_taken) {
        list_remove(&l->link);
        g->stats.waiting--;
        letter_unref(l); /* the thread will never see it */
    }
}

/* Takes over the letter. */
static enum journal_fate send_letter(struct group *g, struct letter *l,
                                     struct message **known)
{
    enum journal_fate fate;
    bool late;

    pthread_mutex_lock(&g->mutex);
    list_push_back(&g->waiting, &l->link);
    g->stats.waiting++;
    pthread_cond_signal(&g->more);
    wait_for_answer(g, l);
    late = l->fate == JOURNAL_WAITING && !g->closed;
    if (l->fate == JOURNAL_WAITING)
        take_back(g, l);
    fate = l->fate;
    if (fate == JOURNAL_KEPT && l->known)
        *known = message_ref(l->known);
    g->stats.refused += fate != JOURNAL_KEPT;
    g->stats.unclear += fate == JOURNAL_UNCLEAR;
    pthread_mutex_unlock(&g->mutex);
    letter_unref(l);
    if (late && !atomic_exchange(&g->stuck, true))
        log_change("error: journal: no answer for %d ms; messages are refused "
                   "until it answers",
                   LIMIT_JOURNAL_MS);
    return fate;
}

enum journal_fate group_publish(struct group *g, struct message *m,
                                const char *key, struct message **known)
{
    struct letter *l = letter_new(m, key);

    return l ? send_letter(g, l, known) : JOURNAL_NO_MEMORY;
}

void group_stats(struct group *g, struct journal_stats *stats)
{
    pthread_mutex_lock(&g->mutex);
    *stats = g->stats;
    stats->down = atomic_load(&g->stuck);
    pthread_mutex_unlock(&g->mutex);
}

/* Signals under the mutex, so that the lists do not change. */
static void wake_all(struct group *g, struct list *list)
{
    lock_assert_held(&g->mutex);
    for (struct list *l = list->next; l != list; l = l->next)
        pthread_cond_signal(&LIST_ENTRY(l, struct letter, link)->done);
}

void group_close(struct group *g)
{
    pthread_mutex_lock(&g->mutex);
    g->closed = true;
    wake_all(g, &g->waiting);
    wake_all(g, &g->taken);
    pthread_mutex_unlock(&g->mutex);
}

struct group *group_new(const struct group_work *work, void *self)
{
    struct group *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    g->work = work;
    g->self = self;
    lock_mutex_init(&g->mutex);
    lock_cond_init(&g->more);
    list_init(&g->waiting);
    list_init(&g->taken);
    g->stats.kept = true;
    g->stats.since = clock_monotonic_ms();
    errno = pthread_create(&g->thread, NULL, run_journal, g);
    if (errno == 0)
        return g;
    free(g);
    return NULL;
}

void group_free(struct group *g)
{
    pthread_mutex_lock(&g->mutex);
    g->ending = true;
    pthread_cond_signal(&g->more);
    pthread_mutex_unlock(&g->mutex);
    pthread_join(g->thread, NULL);
    pthread_cond_destroy(&g->more);
    pthread_mutex_destroy(&g->mutex);
    free(g);
}
