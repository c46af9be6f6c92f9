/* rate: see rate.h. */
#include "server/rate.h"

#include "base/limit.h"
#include "base/lock.h"

#include <stdlib.h>
#include <string.h>

struct payer {
    struct in6_addr address;
    int64_t paid_us; /* when its posts are paid for; 0: it has made none */
};

struct rate {
    int64_t cost_us; /* of a post; set once */

    pthread_mutex_t mutex;

    /* Guarded by the mutex. */
    struct payer payers[LIMIT_RATE_ADDRESSES];
};

struct rate *rate_new(int per_second)
{
    struct rate *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->cost_us = 1000000 / per_second;
    lock_mutex_init(&r->mutex);
    return r;
}

void rate_free(struct rate *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->mutex);
    free(r);
}

static struct in6_addr network_of(struct in6_addr address)
{
    if (!IN6_IS_ADDR_V4MAPPED(&address))
        memset(&address.s6_addr[8], 0, 8);
    return address;
}

/* The address's own place, or the one that is paid for first. */
static struct payer *find(struct rate *r, const struct in6_addr *address)
{
    struct payer *first = r->payers;

    lock_assert_held(&r->mutex);
    for (struct payer *p = r->payers; p < r->payers + LIMIT_RATE_ADDRESSES;
         p++) {
        if (p->paid_us > 0 && IN6_ARE_ADDR_EQUAL(&p->address, address))
            return p;
        if (p->paid_us < first->paid_us)
            first = p;
    }
    *first = (struct payer){.address = *address};
    return first;
}

int64_t rate_take(struct rate *r, struct in6_addr address, int64_t now)
{
    const int64_t burst_us = LIMIT_RATE_BURST_MS * 1000LL, now_us = now * 1000;
    const struct in6_addr network = network_of(address);
    int64_t paid_us, early_us;
    struct payer *p;

    pthread_mutex_lock(&r->mutex);
    p = find(r, &network);
    paid_us = (p->paid_us > now_us ? p->paid_us : now_us) + r->cost_us;
    early_us = paid_us - now_us - burst_us;
    if (early_us <= 0)
        p->paid_us = paid_us;
    pthread_mutex_unlock(&r->mutex);
    return early_us <= 0 ? 0 : (early_us + 999) / 1000;
}
