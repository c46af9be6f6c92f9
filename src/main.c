/*
 * main: options, the boot in order, the shutdown in reverse.
 *
 * Only here, and only before it serves, does the program exit on an error.
 */
#include "banner.h"
#include "base/json_memory.h"
#include "base/log.h"
#include "base/log_writer.h"
#include "notify.h"
#include "options.h"
#include "routes.h"
#include "server/listener.h"
#include "server/server.h"
#include "server/signals.h"
#include "setup.h"
#include "shutdown.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void die(const char *what, const char *why)
{
    log_say("crier: %s%s", what, why);
    exit(EXIT_FAILURE);
}

/* Returns a server that can be stopped by Ctrl-C. */
static struct server *start_server(struct context *c)
{
    char error[LISTENER_ERROR_SIZE];
    int listener = listener_open(c->settings.host, c->settings.port, error);
    struct server *server;
    int result;

    if (listener < 0)
        die(error, "");
    server = server_new(c, listener);
    if (!server)
        die("out of memory", "");
    result = signals_start(server);
    if (result != 0)
        die("cannot start a thread: ", strerror(result));
    banner_print(&c->settings, listener);
    notify_ready();
    return server;
}

int main(int argc, char **argv)
{
    static struct context context;
    char error[SETUP_ERROR_SIZE];
    struct server *server;

    setup_standard_files();
    switch (options_parse(&context.settings, argc, argv, stdout, stderr)) {
    case OPTIONS_DONE:
        return EXIT_SUCCESS;
    case OPTIONS_UNHEARD:
        return EXIT_FAILURE;
    case OPTIONS_BAD:
        return 2;
    case OPTIONS_RUN:
        break;
    }
    if (context.settings.quiet)
        log_quiet();
    setup_futex_table();
    signals_block();
    if (log_writer_start() < 0)
        die("cannot start a thread: ", strerror(errno));
    json_memory_install();
    context.routes = routes;
    if (setup_context(&context, error) < 0)
        die(error, "");
    server = start_server(&context);
    /* The process' name, also where it was started under another one. */
    pthread_setname_np(pthread_self(), "crier");

    server_run(server);

    if (shutdown_clients(&context))
        setup_free(&context);
    return EXIT_SUCCESS;
}
