/* older: see older.h. */
#include "pages/older.h"

#include "journal/journal.h"
#include "server/event_stream.h"
#include "server/memory.h"
#include "server/stack.h"

/* These messages are in no history: the budget pays for them while they are
 * written. Who writes too slowly is cut off, as every subscriber is. */
static void charge(struct context *context, const struct store_batch *page)
{
    for (size_t i = 0; i < page->count; i++)
        message_charge(page->messages[i], &context->held);
    memory_keep(context);
}

static void cut(struct store_batch *batch, uint64_t left)
{
    while (batch->count > left)
        message_unref(batch->messages[--batch->count]);
}

int older_write(struct context *context, struct stream *stream,
                struct store_batch *batch, uint64_t *left,
                int (*write)(struct stream *stream, struct store_batch *page))
{
    enum journal_page found = JOURNAL_PAGE;
    struct store_batch page;
    int result = 0;

    if (!batch->gap)
        return 0;
    while (result == 0 && batch->gap && *left > 0 && found == JOURNAL_PAGE) {
        size_t max = *left < LIMIT_BATCH ? (size_t)*left : LIMIT_BATCH;

        found = journal_older(context->journal, batch, max, &page);
        if (found != JOURNAL_PAGE)
            continue;
        *left -= page.count;
        charge(context, &page);
        result = write(stream, &page);
    }
    if (found == JOURNAL_FAILED) {
        event_stream_end(stream);
        result = -1;
    }
    if (*left == 0 || result < 0) /* the client gets no more */
        batch->gap = false;
    cut(batch, result == 0 ? *left : 0);
    stack_shrink();
    return result;
}

bool older_replace(struct context *context, struct store_batch *batch)
{
    struct store_batch page;
    enum journal_page found = JOURNAL_NOTHING;

    if (batch->gap)
        found = journal_older(context->journal, batch, LIMIT_BATCH, &page);
    if (found == JOURNAL_NOTHING)
        return true;
    store_release(batch);
    batch->gap = false;
    if (found == JOURNAL_FAILED)
        return false;
    charge(context, &page);
    *batch = page;
    return true;
}
