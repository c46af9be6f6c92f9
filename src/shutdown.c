/* shutdown: see shutdown.h. */
#include "shutdown.h"

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal.h"
#include "server/clients.h"
#include "server/route.h"
#include "store/inspect.h"
#include "store/subscribers.h"

#include <inttypes.h>

bool shutdown_clients(struct context *c)
{
    const int64_t until = clock_deadline(LIMIT_DRAIN_MS);
    struct store_stats stats;
    bool all_left;

    clients_wait(c->clients, ROUTE_PUBLISHER, LIMIT_PUBLISH_MS);
    journal_close(c->journal);
    store_close(c->store);
    if (clients_wait(c->clients, NULL, until - clock_monotonic_ms()))
        return true;
    store_abandon(c->store);
    all_left = clients_drain(c->clients, LIMIT_ABANDON_MS);
    stats = store_stats(c->store);
    if (stats.cut_short > 0)
        log_say("stopped: %" PRIu64 " streams were cut short, %" PRIu64
                " messages were not sent",
                stats.cut_short, stats.unsent);
    return all_left;
}
