#include "signals.h"

#include <signal.h>
#include <stddef.h>

void default_signals(void)
{
    static const int signals[] = {SIGINT,  SIGQUIT, SIGTERM, SIGPIPE,
                                  SIGCHLD, SIGALRM, SIGUSR1, SIGUSR2};
    sigset_t none;
    sigemptyset(&none);
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
        signal(signals[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Also in each test's process, for Criterion starts the program anew. */
__attribute__((constructor)) static void begin(void)
{
    default_signals();
}
