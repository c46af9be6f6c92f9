/* health: see health.h. */
#include "journal/health.h"

#include "base/clock.h"
#include "base/limit.h"
#include "base/log.h"

#include <string.h>

enum { FIRST = 1 }; /* the part of a journal that has only one */

static void fall(struct health *h, unsigned part, const char *why, int reason)
{
    if (atomic_fetch_or(&h->down, part) == 0)
        log_change("error: journal: %s: %s%s%s; messages are refused until it "
                   "works again",
                   h->name, why, reason ? ": " : "",
                   reason ? strerror(reason) : "");
}

void health_part_fell(struct health *h, unsigned part, const char *why)
{
    fall(h, part, why, 0);
}

void health_part_rose(struct health *h, unsigned part)
{
    if (atomic_fetch_and(&h->down, ~part) == part)
        log_change("journal: %s works again", h->name);
}

void health_fell(struct health *h, const char *why, int reason)
{
    h->due = clock_deadline(LIMIT_JOURNAL_TRY_MS);
    fall(h, FIRST, why, reason);
}

void health_rose(struct health *h)
{
    if (health_is_due(h, clock_monotonic_ms()))
        health_part_rose(h, FIRST);
}

bool health_is_down(struct health *h)
{
    return atomic_load(&h->down) != 0;
}

bool health_is_due(struct health *h, int64_t now)
{
    return health_is_down(h) && now >= h->due;
}
