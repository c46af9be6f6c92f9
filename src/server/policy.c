/* policy: see policy.h. */
#include "server/policy.h"

#include "base/clock.h"

#include <pthread.h>
#include <sched.h>

/* Another policy than `from` is the choice of whoever started crier. Returns
 * true if it has changed. */
static bool change(int from, int to)
{
    const struct sched_param none = {0};

    return sched_getscheduler(0) == from &&
           pthread_setschedparam(pthread_self(), to, &none) == 0;
}

void policy_batch(void)
{
    change(SCHED_OTHER, SCHED_BATCH);
}

void policy_asked(struct policy_load *load)
{
    const int64_t tenth = clock_coarse_ms() / 100;
    const bool batch =
        load->requests >= POLICY_LOAD && tenth == load->tenth + 1;

    if (tenth == load->tenth) {
        load->requests++;
        return;
    }
    if (batch && !load->batch)
        load->batch = change(SCHED_OTHER, SCHED_BATCH);
    else if (!batch && load->batch)
        load->batch = !change(SCHED_BATCH, SCHED_OTHER);
    load->tenth = tenth;
    load->requests = 0;
}
