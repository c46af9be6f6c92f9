/* memory: see memory.h. */
#include "server/memory.h"

#include "base/limit.h"
#include "base/log.h"
#include "server/clients.h"
#include "store/inspect.h"

void memory_keep(struct context *c)
{
    const struct subscriber *slowest[LIMIT_CUT];
    size_t n;

    if (!budget_exceeded(&c->held))
        return;
    n = store_slowest(c->store, slowest);
    if (clients_cut(c->clients, slowest, n) > 0)
        log_error("--max-memory reached: the slowest subscribers are cut off");
}
