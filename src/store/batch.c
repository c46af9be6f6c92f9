/* batch: see batch.h. */
#include "store/batch.h"

void store_release(struct store_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        message_unref(batch->messages[i]);
    batch->count = 0;
}
