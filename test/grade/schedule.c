/* schedule: see schedule.h. */
#include "schedule.h"

#include "tell.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MUTEXES = 16, MOVES = 3 * ACTORS };

struct actor actors[ACTORS];
size_t actor_count;
_Thread_local struct actor *self;

static struct {
    const void *mutex;
    struct actor *owner;
} owned[MUTEXES];
static size_t owned_count;

static struct luck luck;
static bool late;
static atomic_int all_done;

/* What may happen next. */
struct move {
    enum { GO, SPURIOUS, TIMEOUT } kind;
    struct actor *actor;
};

void sched_reset(void)
{
    actor_count = owned_count = 0;
    late = false;
}

bool sched_late(void)
{
    return late;
}

struct actor *sched_owner(const void *mutex)
{
    for (size_t i = 0; i < owned_count; i++)
        if (owned[i].mutex == mutex)
            return owned[i].owner;
    return NULL;
}

void sched_own(const void *mutex, struct actor *owner)
{
    size_t i = 0;

    while (i < owned_count && owned[i].mutex != mutex)
        i++;
    if (i == MUTEXES)
        wrong("more than %d mutexes are in use", MUTEXES);
    if (i == owned_count)
        owned[owned_count++].mutex = mutex;
    owned[i].owner = owner;
}

static bool can_go(const struct actor *a)
{
    return a->state == READY || (a->state == WANTS && !sched_owner(a->mutex));
}

/* Lists what may happen next. A thread that can go on is only stopped while
 * there are preemptions left; chance comes in when it cannot. */
static size_t list_moves(struct move *moves)
{
    const bool goes_on = self && can_go(self);
    size_t n = 0, able;

    if (goes_on)
        moves[n++] = (struct move){GO, self};
    for (struct actor *a = actors; a < actors + actor_count; a++)
        if (a != self && can_go(a) && (!goes_on || luck.preemptions > 0))
            moves[n++] = (struct move){GO, a};
    if (goes_on)
        return n;
    able = n; /* if nobody is able to go on, chance must not save them */
    for (struct actor *a = actors; a < actors + actor_count; a++) {
        if (a->state == ASLEEP && able > 0 && luck.spurious > 0)
            moves[n++] = (struct move){SPURIOUS, a};
        if (a->state == ASLEEP && a->timed && luck.timeouts > 0)
            moves[n++] = (struct move){TIMEOUT, a};
    }
    return n;
}

/* A client that read nothing reads at last, once nobody else can go on: by then
 * all others must have finished. */
static bool let_client_read(void)
{
    struct actor *slow = NULL;

    for (struct actor *a = actors; a < actors + actor_count; a++)
        if (a->state == SENDING)
            slow = a;
    if (!slow)
        return false;
    for (struct actor *a = actors; a < actors + actor_count; a++)
        if (a->state != SENDING && a->state != DONE)
            wrong("%s waits until the client of %s reads", a->name, slow->name);
    slow->state = READY;
    tell_step(slow, NULL, "its client reads at last");
    return true;
}

/* The thread that goes on, or NULL if all are done. */
static struct actor *choose(void)
{
    struct move moves[MOVES], move;
    size_t n, done = 0;

    for (size_t i = 0; i < actor_count; i++)
        done += actors[i].state == DONE;
    if (done == actor_count)
        return NULL;
    for (;;) {
        n = list_moves(moves);
        if (n == 0 && let_client_read())
            continue;
        if (n == 0)
            wrong_stuck();
        move = moves[explore_choose(n)];
        if (move.kind == GO)
            break;
        luck.spurious -= move.kind == SPURIOUS;
        luck.timeouts -= move.kind == TIMEOUT;
        late |= move.kind == TIMEOUT;
        move.actor->state = WANTS;
        move.actor->result = move.kind == TIMEOUT ? ETIMEDOUT : 0;
        tell_step(move.actor, NULL, "%s",
                  move.kind == TIMEOUT ? "wakes up: its deadline has passed"
                                       : "wakes up: a spurious wake-up");
    }
    if (self && can_go(self) && move.actor != self)
        luck.preemptions--;
    return move.actor;
}

/* As a semaphore. ThreadSanitizer knows those, and would take it for a reason
 * why what one thread does comes before what the next one does. */
static void give(atomic_int *baton)
{
    atomic_store(baton, 1);
    syscall(SYS_futex, baton, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void await(atomic_int *baton)
{
    while (!atomic_exchange(baton, 0))
        syscall(SYS_futex, baton, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

/* Lets the next thread run. */
static void hand_over(void)
{
    struct actor *const me = self, *next = choose();

    if (next == me)
        return;
    give(next ? &next->go : &all_done);
    if (me && me->state != DONE)
        await(&me->go);
}

void sched_point(enum state state)
{
    tell_race();
    self->state = state;
    hand_over();
}

void sched_add(const char *name, void (*run)(void *), void *argument)
{
    struct actor *a = &actors[actor_count++];

    *a = (struct actor){.name = name, .run = run, .argument = argument};
}

static void *act(void *argument)
{
    self = argument;
    await(&self->go);
    self->run(self->argument);
    sched_point(DONE);
    return NULL;
}

void sched_run(struct luck l)
{
    luck = l;
    for (size_t i = 0; i < actor_count; i++)
        pthread_create(&actors[i].thread, NULL, act, &actors[i]);
    hand_over();
    await(&all_done);
    for (size_t i = 0; i < actor_count; i++)
        pthread_join(actors[i].thread, NULL);
}
