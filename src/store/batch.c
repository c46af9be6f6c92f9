/* batch: see batch.h. */
#include "store/batch.h"

void store_release(struct store_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        message_unref(batch->messages[i]);
    batch->count = 0;
}

bool store_comes_later(const struct store_batch *batch, struct event_id id)
{
    const int order = event_id_compare(id, batch->oldest);

    return batch->has_oldest ? order >= 0 : order > 0;
}

void store_fill_gap(struct store_batch *batch, struct store_batch *page,
                    bool known, bool more)
{
    if (page->count == 0) {
        batch->gap = !known;
        return;
    }
    page->gap = !known;
    page->gap_after = batch->gap_after;
    page->has_oldest = true;
    page->channel = batch->channel;
    page->oldest = message_id(page->messages[0]);
    batch->gap_after = message_id(page->messages[page->count - 1]);
    batch->gap = more;
}
