/* event_id: an input is an id, as a client sends it. */
#include "store/event_id.h"

#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An id is whatever the C library reads as one and prints the same again. */
static bool reference(struct slice text, struct event_id *id)
{
    char copy[LIMIT_EVENT_ID + 1] = "", printed[LIMIT_EVENT_ID + 1], *end;

    if (text.len > LIMIT_EVENT_ID)
        return false;
    if (text.len > 0)
        memcpy(copy, text.at, text.len);
    errno = 0;
    id->ms = strtoll(copy, &end, 10);
    snprintf(printed, sizeof printed, "%" PRId64, id->ms);
    id->nth = 0;
    if (*end == '-') {
        id->nth = strtoull(end + 1, NULL, 10);
        snprintf(printed, sizeof printed, "%" PRId64 "-%" PRIu64, id->ms,
                 id->nth);
    }
    return errno == 0 && id->ms >= 0 && (*end != '-' || id->nth > 0) &&
           slice_is(text, printed);
}

static bool equal(struct event_id a, struct event_id b)
{
    return a.ms == b.ms && a.nth == b.nth;
}

static void check_print(struct event_id id)
{
    char *printed = malloc(EVENT_ID_SIZE);
    struct event_id again;
    size_t len = event_id_print(id, printed);

    assert(len == strlen(printed) && len < EVENT_ID_SIZE);
    assert(event_id_parse(printed, len, &again) && equal(again, id));
    free(printed);
}

static void check_parse(struct slice text)
{
    struct event_id untouched = {-1, 99}, id = untouched, wanted;
    char printed[EVENT_ID_SIZE];
    bool valid = event_id_parse(text.at, text.len, &id);

    assert(valid == reference(text, &wanted));
    if (!valid) {
        assert(equal(id, untouched));
        return;
    }
    assert(equal(id, wanted));
    event_id_print(id, printed);
    assert(slice_is(text, printed));
}

/* A total order, which event_id_next goes up in. */
static void check_order(struct event_id a, struct event_id b)
{
    struct event_id next;

    assert(event_id_compare(a, a) == 0);
    assert((event_id_compare(a, b) == 0) == equal(a, b));
    assert((event_id_compare(a, b) < 0) == (event_id_compare(b, a) > 0));
    if (a.nth == UINT64_MAX)
        return; /* no server lives to give as many in one millisecond */
    next = event_id_next(a, b.ms);
    assert(event_id_compare(next, a) > 0);
    assert(next.ms == (b.ms > a.ms ? b.ms : a.ms));
    assert(b.ms <= a.ms || next.nth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice text = {(const char *)bytes, len};
    struct event_id ids[2] = {{0, 0}, {0, 0}};

    check_parse(text);
    /* The bytes as they are, too: most ids are not near any that is parsed. */
    memcpy(ids, bytes, len < sizeof ids ? len : sizeof ids);
    ids[0].ms &= INT64_MAX;
    ids[1].ms &= INT64_MAX;
    check_print(ids[0]);
    check_order(ids[0], ids[1]);
    ids[1].ms = ids[0].ms;
    check_order(ids[0], ids[1]);
    return 0;
}
