/* gap: what a client is told about messages that are gone. */
#include "unit.h"

#include "pages/gap.h"

#include <string.h>

static size_t print_event(char out[GAP_SIZE], struct event_id after,
                          const struct event_id *oldest)
{
    struct store_batch batch = {.gap_after = after,
                                .has_oldest = oldest != NULL};

    if (oldest)
        batch.oldest = *oldest;
    return gap_event(out, &batch);
}

Test(gap, event)
{
    const struct event_id oldest = {1744353420001, 2};
    const struct event_id longest = {INT64_MAX, UINT64_MAX};
    char out[GAP_SIZE];
    size_t len = print_event(out, (struct event_id){17, 0}, &oldest);

    cr_expect_eq(len, strlen(out));
    cr_expect_str_eq(out, "event: gap\ndata: {\"after\":\"17\","
                          "\"oldest\":\"1744353420001-2\"}\n\n");
    len = print_event(out, (struct event_id){0, 0}, NULL);
    cr_expect_eq(len, strlen(out));
    cr_expect_str_eq(out,
                     "event: gap\ndata: {\"after\":\"0\",\"oldest\":null}\n\n");
    len = print_event(out, longest, &longest);
    cr_expect_eq(len, strlen(out));
    cr_expect_str_eq(out + len - 4, "\"}\n\n", "cut short");
}

Test(gap, json_is_the_event_data)
{
    const struct store_batch batch = {.gap_after = {17, 1}};
    char out[GAP_SIZE];
    size_t len = gap_json(out, &batch);

    cr_expect_eq(len, strlen(out));
    cr_expect_str_eq(out, "{\"after\":\"17-1\",\"oldest\":null}");
}
