/* health: see health.h. */
#include "journal/health.h"

#include "base/clock.h"
#include "base/limit.h"
#include "base/log.h"

#include <string.h>

void health_fell(struct health *h, const char *why, int reason)
{
    h->due = clock_monotonic_ms() + LIMIT_JOURNAL_TRY_MS;
    if (!atomic_exchange(&h->down, true))
        log_change("error: journal: %s: %s%s%s; messages are refused until it "
                   "works again",
                   h->name, why, reason ? ": " : "",
                   reason ? strerror(reason) : "");
}

void health_rose(struct health *h)
{
    if (health_is_due(h, clock_monotonic_ms()) &&
        atomic_exchange(&h->down, false))
        log_change("journal: %s works again", h->name);
}

bool health_is_down(struct health *h)
{
    return atomic_load(&h->down);
}

bool health_is_due(struct health *h, int64_t now)
{
    return health_is_down(h) && now >= h->due;
}
