/* poke: see poke.h. */
#include "threads/poke.h"

#include "base/clock.h"
#include "http/target.h"
#include "server/clients.h"
#include "server/forwarded.h"
#include "store/experiment.h"
#include "threads/gallery.h"
#include "threads/puppet.h"
#include "threads/viewer.h"

#include <stdio.h>
#include <string.h>

/* A kind of poke, and how it is done: returns 0 and sets *thread, if it is
 * about one; or a status, and *reason says why. */
struct kind {
    const char *name;
    int (*run)(struct exchange *x, const char *value, pid_t *thread,
               const char **reason);
};

/* For what others see while it lasts, so it is told before it is done. */
static void tell(struct exchange *x, const char *kind, pid_t thread)
{
    const struct peer peer = forwarded_peer(x);
    struct gallery_poke note = {kind, thread, clock_monotonic_ms(), ""};

    peer_print(&peer, note.by);
    gallery_poked(gallery_of(x->context), &note);
}

static int spurious(struct exchange *x, const char *value, pid_t *thread,
                    const char **reason)
{
    uint64_t wanted = 0;

    if (value[0] && !slice_number(slice_of(value), INT32_MAX, &wanted)) {
        *reason = "spurious=TID wants the number of a thread";
        return 400;
    }
    *thread = store_nudge(x->context->store, (pid_t)wanted);
    *reason = "no such subscriber sleeps";
    return *thread ? 0 : 409;
}

static int herd(struct exchange *x, const char *value, pid_t *thread,
                const char **reason)
{
    (void)value, (void)thread;
    *reason = "there is nobody to wake, or no limit to the turns";
    return store_herd(x->context->store) > 0 ? 0 : 409;
}

static int hold(struct exchange *x, const char *value, pid_t *thread,
                const char **reason)
{
    (void)value;
    *thread = atomic_load(&x->client->tid);
    tell(x, "lock", *thread);
    *reason = "another poke holds the mutex";
    return store_hold(x->context->store, LIMIT_POKE_HOLD_MS) ? 0 : 409;
}

static int stall(struct exchange *x, const char *value, pid_t *thread,
                 const char **reason)
{
    (void)value;
    *thread = puppet_play(x, PUPPET_STALLS, reason);
    return *thread ? 0 : 503;
}

static int vanish(struct exchange *x, const char *value, pid_t *thread,
                  const char **reason)
{
    (void)value;
    *thread = puppet_play(x, PUPPET_VANISHES, reason);
    return *thread ? 0 : 503;
}

static const struct kind kinds[] = {{"spurious", spurious},
                                    {"herd", herd},
                                    {"lock", hold},
                                    {"stall", stall},
                                    {"vanish", vanish}};

static void run(struct exchange *x, const struct kind *kind, const char *value)
{
    const char *reason = "";
    char text[96];
    pid_t thread = 0;
    const int status = kind->run(x, value, &thread, &reason);

    if (status != 0) {
        response_error(&x->response, status, reason);
        return;
    }
    tell(x, kind->name, thread);
    snprintf(text, sizeof text, "{\"poke\":\"%s\",\"thread\":%d}", kind->name,
             (int)thread);
    response_send(&x->response, 200, "application/json", slice_of(text));
}

void poke(struct exchange *x)
{
    char value[16];

    if (!x->context->settings.classroom) {
        response_error(&x->response, 403, "pokes need --classroom");
        return;
    }
    if (!gallery_of(x->context) || gallery_keep(x->context) < 0) {
        response_error(&x->response, 503, "out of memory");
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (target_query(x->request.query, kinds[i].name, value,
                         sizeof value)) {
            run(x, &kinds[i], value);
            return;
        }
    response_error(&x->response, 400,
                   "write spurious, spurious=TID, herd, lock, stall or vanish");
}
