/* history: see history.h. */
#include "store/history.h"

#include <assert.h>

int history_init(struct history *h, size_t size, int64_t now_ms)
{
    *h = (struct history){.size = size, .last.ms = now_ms, .floor.ms = now_ms};
    return ring_init(&h->ring, size);
}

void history_destroy(struct history *h)
{
    for (; h->oldest < h->next; h->oldest++)
        message_unref(history_at(h, h->oldest));
    ring_free(&h->ring);
}

struct message *history_drop(struct history *h)
{
    struct message *evicted = history_at(h, h->oldest);

    h->oldest++;
    h->floor = message_id(evicted);
    return evicted;
}

struct message *history_add(struct history *h, struct message *m,
                            int64_t now_ms)
{
    struct message *evicted = NULL;

    if (!message_event(m).at)
        message_stamp(m, event_id_next(h->last, now_ms), now_ms);
    h->last = message_id(m);
    if (!ring_has_room(&h->ring, h->size, h->oldest, h->next))
        evicted = history_drop(h);
    *ring_place(&h->ring, h->next++) = message_ref(m);
    return evicted;
}

struct message *history_at(const struct history *h, uint64_t number)
{
    assert(h->oldest <= number && number < h->next);
    return *ring_place(&h->ring, number);
}

uint64_t history_find(const struct history *h, struct event_id after)
{
    uint64_t low = h->oldest, high = h->next;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;

        if (event_id_compare(message_id(history_at(h, middle)), after) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct message *history_get(const struct history *h, struct event_id id)
{
    const uint64_t after = history_find(h, id);
    struct message *m = after > h->oldest ? history_at(h, after - 1) : NULL;

    return m && event_id_compare(message_id(m), id) == 0 ? m : NULL;
}

bool history_lost(const struct history *h, struct event_id after)
{
    const struct event_id zero = {0, 0};

    if (event_id_compare(after, zero) == 0)
        return h->oldest > 0;
    return event_id_compare(after, h->floor) != 0 && !history_get(h, after);
}
