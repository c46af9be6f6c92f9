/* signals: see signals.h. */
#include "server/signals.h"

#include "base/log.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static sigset_t both(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void signals_block(void)
{
    sigset_t set = both();

    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static void *run_signals(void *argument)
{
    struct server *server = argument;
    sigset_t set = both();
    int signal;

    pthread_setname_np(pthread_self(), "signals");
    sigwait(&set, &signal);
    /* Said first: once stopped, the main thread may end all others. */
    log_say("stopping (%s); once more to stop at once", strsignal(signal));
    server_stop(server);
    sigwait(&set, &signal);
    _exit(128 + signal);
}

int signals_start(struct server *server)
{
    pthread_attr_t detached;
    pthread_t thread;
    int error;

    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    error = pthread_create(&thread, &detached, run_signals, server);
    pthread_attr_destroy(&detached);
    return error;
}
