/*
 * settings: what the options say (options.h). Read-only once the server runs.
 */
#ifndef CRIER_SETTINGS_H
#define CRIER_SETTINGS_H

#include "base/limit.h"
#include "base/slice.h"

#include <stdbool.h>

struct settings_list {
    size_t count;
    struct slice items[LIMIT_LIST];
};

/* Strings belong to argv or the environment. */
struct settings {
    const char *host;       /* name or address to listen on */
    int port;               /* 0: a free one */
    const char *public_dir; /* NULL: "public", or the installed one */
    int history;            /* messages kept */
    int retry_ms;
    int heartbeat_ms;
    int max_clients; /* 0: as the open-files limit allows */
    int max_body;    /* bytes */
    int max_memory;  /* MiB; see memory.h */
    int turns;       /* 0: no limit */
    bool classroom;
    bool quiet;
    struct settings_list allow_origin; /* origins, or "*" */
    struct settings_list server_name;  /* host names, the machine's too */
    bool named;                        /* --server-name was given */
};

#endif
