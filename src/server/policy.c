/* policy: see policy.h. */
#include "server/policy.h"

#include <pthread.h>
#include <sched.h>

void policy_batch(void)
{
    const struct sched_param none = {0};

    pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
}
