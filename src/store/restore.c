/* restore: see restore.h. */
#include "store/restore.h"

#include "store/block.h"
#include "store/store_private.h"

void store_restore(struct store *s, struct message *m)
{
    struct message *evicted;
    struct channel *c;

    pthread_mutex_lock(&s->mutex);
    c = channels_enter(&s->channels, message_channel(m));
    if (c) {
        channels_add(&s->channels, m, 0, &evicted);
        do
            message_unref(evicted);
        while ((evicted = channels_shrink(&s->channels, c)));
        channels_leave(&s->channels, c);
    }
    store_unlock_and_bury(s);
}

void store_begin(struct store *s, struct event_id id, bool forgot)
{
    struct channels *cs = &s->channels;
    struct history *h = &cs->nameless.history;

    pthread_mutex_lock(&s->mutex);
    cs->last = cs->start = h->last = h->floor = id;
    cs->forgot = forgot;
    if (forgot) /* number 0 is one of them */
        h->oldest = h->next = 1;
    pthread_mutex_unlock(&s->mutex);
}

/* Makes one message leave. NULL if there is none any more. */
static struct message *drop_one(struct store *s)
{
    struct message *m = NULL;
    struct list *all = &s->channels.all;

    pthread_mutex_lock(&s->mutex);
    for (struct list *l = all->next; l != all && !m; l = l->next) {
        struct history *h = &LIST_ENTRY(l, struct channel, link)->history;

        if (h->oldest < h->next)
            m = history_drop(h);
    }
    pthread_mutex_unlock(&s->mutex);
    return m;
}

/* All cursors are before a number that has no message. */
static void leave_gap(struct store *s, struct channel *c)
{
    c->bytes = 0;
    c->history.oldest = ++c->history.next;
    c->history.floor = (struct event_id){0, 0};
    list_move_all(&s->ready, &c->idle);
}

void store_tear(struct store *s)
{
    struct channels *cs = &s->channels;
    struct message *m;

    while ((m = drop_one(s))) {
        message_charge(m, s->budget); /* slow subscribers may still hold it */
        message_unref(m);
    }
    pthread_mutex_lock(&s->mutex);
    for (struct list *l = cs->all.next; l != &cs->all; l = l->next)
        leave_gap(s, LIST_ENTRY(l, struct channel, link));
    cs->forgot = true;
    cs->start = cs->last;
    cs->messages = cs->bytes = 0;
    store_unlock_and_wake(s);
}
