/* heartbeat: see heartbeat.h. */
#include "store/heartbeat.h"

#include "store/store_private.h"

/* `idle` is in the order of `since`. */
static int64_t move_idle(struct store *s, struct channel *c, int64_t since)
{
    lock_assert_held(&s->mutex);
    while (!list_empty(&c->idle)) {
        struct subscriber *sub =
            LIST_ENTRY(c->idle.next, struct subscriber, link);

        if (sub->since > since)
            return sub->since;
        sub->beat = true;
        list_remove(&sub->link);
        list_push_back(&s->ready, &sub->link);
    }
    return INT64_MAX;
}

int64_t store_heartbeat(struct store *s, int64_t since)
{
    const struct list *all = &s->channels.all;
    int64_t next = INT64_MAX;

    pthread_mutex_lock(&s->mutex);
    for (struct list *l = all->next; l != all; l = l->next) {
        const int64_t longest =
            move_idle(s, LIST_ENTRY(l, struct channel, link), since);

        if (longest < next)
            next = longest;
    }
    store_unlock_and_wake(s);
    return next;
}
