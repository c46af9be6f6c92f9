/* policy: a thread under load waits, and no longer does when it rests. */
#include "unit.h"

#include "server/policy.h"

#include <sched.h>
#include <unistd.h>

TestSuite(policy, .timeout = TEST_SECONDS);

enum { PAUSE_US = 20 * 1000 }; /* five requests in a tenth of a second */

/* Asks until the calling thread has the policy. */
static void ask_until(struct policy_load *load, int policy, useconds_t pause)
{
    while (sched_getscheduler(0) != policy) {
        policy_asked(load);
        usleep(pause);
    }
}

Test(policy, follows_the_load)
{
    struct policy_load load = {0};

    ask_until(&load, SCHED_BATCH, 0);
    ask_until(&load, SCHED_OTHER, PAUSE_US);
    ask_until(&load, SCHED_BATCH, 0);
}

/* As many in all, but not in one tenth. */
Test(policy, a_client_that_asks_now_and_then_is_not_under_load)
{
    struct policy_load load = {0};

    for (int i = 0; i < 2 * POLICY_LOAD; i++) {
        policy_asked(&load);
        cr_assert_eq(sched_getscheduler(0), SCHED_OTHER);
        usleep(PAUSE_US / 10);
    }
}

/* Much in one tenth, and then nothing: what comes after that is no load. */
Test(policy, a_pause_ends_the_load)
{
    struct policy_load load = {0};

    while (load.requests < POLICY_LOAD)
        policy_asked(&load);
    usleep(300 * 1000);
    policy_asked(&load);
    cr_expect_eq(sched_getscheduler(0), SCHED_OTHER);
}

/* Whoever starts crier by `chrt --idle 0` wants it to stay that way. */
Test(policy, another_one_stays)
{
    static const int policies[] = {SCHED_BATCH, SCHED_IDLE};

    for (size_t i = 0; i < COUNT(policies); i++) {
        struct policy_load load = {0};
        const struct sched_param none = {0};

        cr_assert_eq(sched_setscheduler(0, policies[i], &none), 0);
        policy_batch();
        cr_expect_eq(sched_getscheduler(0), policies[i]);
        for (int tenths = 0; tenths < 5; tenths++) {
            const int64_t tenth = load.tenth;

            while (load.tenth == tenth)
                policy_asked(&load);
            cr_expect_eq(sched_getscheduler(0), policies[i]);
        }
        usleep(300 * 1000);
        policy_asked(&load);
        cr_expect_eq(sched_getscheduler(0), policies[i]);
    }
}
