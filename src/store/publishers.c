/* publishers: see publishers.h. */
#include "store/publishers.h"

#include "store/block.h"
#include "store/store_private.h"

void store_set_channels(struct store *s, size_t most, size_t bytes)
{
    s->channels.most = most;
    s->channels.most_bytes = bytes;
}

void store_unlock_and_bury(struct store *s)
{
    struct list gone;

    lock_assert_held(&s->mutex);
    list_init(&gone);
    list_move_all(&gone, &s->channels.gone);
    pthread_mutex_unlock(&s->mutex);
    channels_bury(&gone);
}

/* True if the channels take too much memory, and this one can keep no fewer
 * messages, nor can another one go. */
static bool is_full(const struct channels *cs, const struct channel *c)
{
    return cs->bytes > cs->most_bytes && list_empty(&cs->unused) &&
           channels_retained(c) <= 1;
}

struct channel *store_enter(struct store *s, const char *name)
{
    struct channel *c;

    pthread_mutex_lock(&s->mutex);
    c = channels_enter(&s->channels, name);
    if (c && is_full(&s->channels, c)) {
        channels_leave(&s->channels, c);
        c = NULL;
    }
    store_unlock_and_bury(s);
    return c;
}

/* Makes one message leave, if there are too many; else leaves the channel. */
static struct message *shrink_or_leave(struct store *s, struct channel *c)
{
    struct message *evicted;

    pthread_mutex_lock(&s->mutex);
    evicted = channels_shrink(&s->channels, c);
    if (!evicted)
        channels_leave(&s->channels, c);
    store_unlock_and_bury(s);
    return evicted;
}

void store_leave(struct store *s, struct channel *c)
{
    struct message *evicted;

    while ((evicted = shrink_or_leave(s, c))) {
        message_charge(evicted, s->budget); /* slow subscribers may hold it */
        message_unref(evicted);
    }
}

void store_weigh(struct store *s, ssize_t bytes)
{
    if (bytes == 0)
        return;
    pthread_mutex_lock(&s->mutex);
    s->channels.bytes += (size_t)bytes;
    pthread_mutex_unlock(&s->mutex);
}
