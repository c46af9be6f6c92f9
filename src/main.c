/*
 * main: options, the boot in order, the shutdown in reverse.
 *
 * Only here, and only before it serves, does the program exit on an error.
 */
#include "banner.h"
#include "base/clock.h"
#include "base/json_memory.h"
#include "base/log.h"
#include "options.h"
#include "routes.h"
#include "server/clients.h"
#include "server/listener.h"
#include "server/server.h"
#include "server/signals.h"
#include "setup.h"
#include "store/subscribers.h"
#include "store/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void die(const char *what, const char *why)
{
    log_say("crier: %s%s", what, why);
    exit(EXIT_FAILURE);
}

/* What all connections share. */
static void make_context(struct context *c)
{
    struct settings *s = &c->settings;
    char error[SETUP_ERROR_SIZE];

    if (setup_max_clients(s, error) < 0)
        die(error, "");
    setup_machine_name(s);
    c->public_dir = setup_public_dir(s, error);
    if (!c->public_dir)
        die(error, "");
    c->started = clock_monotonic_ms();
    c->routes = routes;
    c->clients = clients_new((size_t)s->max_clients);
    c->store = store_new((size_t)s->history, (size_t)s->turns,
                         setup_max_subscribers(s));
    if (!c->store || !c->clients)
        die("out of memory", "");
    c->watch = watch_new(c->store, s->heartbeat_ms);
    if (!c->watch)
        die("cannot watch for departures: ", strerror(errno));
}

static void free_context(struct context *c)
{
    watch_free(c->watch);
    store_free(c->store);
    clients_free(c->clients);
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
    banner_print(&c->settings, listener_port(listener));
    return server;
}

int main(int argc, char **argv)
{
    static struct context context;
    struct server *server;

    switch (options_parse(&context.settings, argc, argv, stdout, stderr)) {
    case OPTIONS_DONE:
        return EXIT_SUCCESS;
    case OPTIONS_BAD:
        return 2;
    case OPTIONS_RUN:
        break;
    }
    if (context.settings.quiet)
        log_quiet();
    setup_futex_table();
    signals_block();
    json_memory_install();
    make_context(&context);
    server = start_server(&context);

    server_run(server);

    store_close(context.store);
    /* A client that is still there uses the context: then it stays. */
    if (clients_drain(context.clients, LIMIT_DRAIN_MS))
        free_context(&context);
    return EXIT_SUCCESS;
}
