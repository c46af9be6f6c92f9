/* gallery: see gallery.h. */
#include "threads/gallery.h"

#include "base/lock.h"
#include "store/inspect.h"

#include <stdlib.h>

struct gallery *gallery_of(struct context *context)
{
    struct gallery *g = atomic_load(&context->gallery), *made;

    if (g)
        return g;
    made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    shared_init(&made->threads);
    shared_init(&made->timeline);
    lock_mutex_init(&made->mutex);
    if (atomic_compare_exchange_strong(&context->gallery, &g, made))
        return made;
    free(made); /* another thread was faster: g is its */
    return g;
}

bool gallery_enter(struct gallery *g)
{
    if (atomic_fetch_add(&g->viewers, 1) < LIMIT_VIEWERS)
        return true;
    gallery_leave(g);
    return false;
}

void gallery_leave(struct gallery *g)
{
    atomic_fetch_sub(&g->viewers, 1);
}

int gallery_keep(struct context *context)
{
    return trace_keep(store_trace(context->store), LIMIT_TRACE_MS);
}

void gallery_poked(struct gallery *g, const struct gallery_poke *poke)
{
    pthread_mutex_lock(&g->mutex);
    g->poke = *poke;
    pthread_mutex_unlock(&g->mutex);
}

struct gallery_poke gallery_poke(struct gallery *g)
{
    struct gallery_poke poke;

    pthread_mutex_lock(&g->mutex);
    poke = g->poke;
    pthread_mutex_unlock(&g->mutex);
    return poke;
}
