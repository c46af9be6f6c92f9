/* gap: see gap.h. */
#include "pages/gap.h"

#include <stdio.h>

size_t gap_json(char out[GAP_SIZE], const struct store_batch *batch)
{
    char after[EVENT_ID_SIZE], oldest[EVENT_ID_SIZE];
    int len;

    event_id_print(batch->gap_after, after);
    if (batch->has_oldest) {
        event_id_print(batch->oldest, oldest);
        len = snprintf(out, GAP_SIZE, "{\"after\":\"%s\",\"oldest\":\"%s\"}",
                       after, oldest);
    } else {
        len = snprintf(out, GAP_SIZE, "{\"after\":\"%s\",\"oldest\":null}",
                       after);
    }
    return (size_t)len;
}

size_t gap_event(char out[GAP_SIZE], const struct store_batch *batch)
{
    char json[GAP_SIZE];

    gap_json(json, batch);
    return (size_t)snprintf(out, GAP_SIZE, "event: gap\ndata: %s\n\n", json);
}
