/* stuck: why no thread can go on: see tell.h. */
#include "schedule.h"
#include "tell.h"
#include "world.h"

enum { TEXT = 128 };

/* The thread that holds what this one wants; NULL: it waits for no mutex. */
static const struct actor *waits_for(const struct actor *a)
{
    return a && a->state == WANTS ? sched_owner(a->mutex) : NULL;
}

/* True if the thread waits, over others, for itself. */
static bool in_circle(const struct actor *a)
{
    const struct actor *next = waits_for(a);

    for (size_t i = 0; next && next != a && i < actor_count; i++)
        next = waits_for(next);
    return next == a;
}

void wrong_stuck(void)
{
    const struct actor *owner, *sleeper = NULL;
    char text[TEXT] = "nobody can go on";

    for (size_t i = 0; i < actor_count; i++) {
        const struct actor *a = &actors[i];

        if (waits_for(a) == a)
            wrong("%s waits for itself", a->name);
        if (in_circle(a))
            wrong("deadlock: %s and %s wait for each other", a->name,
                  waits_for(a)->name);
        owner = waits_for(a);
        if (owner && owner->state == DONE)
            wrong("%s has ended, and never unlocked %s", owner->name,
                  tell_name_of(a->mutex));
        if (owner && owner->state == ASLEEP)
            wrong("%s sleeps, and holds %s", owner->name,
                  tell_name_of(a->mutex));
        if (a->state == ASLEEP && !sleeper)
            sleeper = a;
    }
    if (sleeper)
        world_lacks(sleeper, text, sizeof text);
    wrong("%s", text);
}
