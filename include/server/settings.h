/*
 * settings: what the options say (options.h). Read-only once the server runs.
 */
#ifndef CRIER_SETTINGS_H
#define CRIER_SETTINGS_H

#include "base/limit.h"
#include "base/slice.h"

#include <netinet/in.h>
#include <stdbool.h>

struct settings_list {
    size_t count;
    struct slice items[LIMIT_LIST];
};

/* IPv4 addresses are mapped into IPv6. */
struct settings_addresses {
    size_t count;
    struct in6_addr items[LIMIT_LIST];
};

/* Strings belong to argv or the environment. */
struct settings {
    const char *host;       /* name or address to listen on */
    int port;               /* 0: a free one */
    const char *public_dir; /* NULL: "public", or the installed one */
    int history;            /* messages kept, of each channel */
    int channels;           /* with a name */
    const char *journal;    /* a file, or NULL: see journal.h */
    const char *redis;      /* a URL, or NULL */
    const char *sync;       /* "always", "second" or "never" */
    int keep;               /* messages in the journal; 0: as the history */
    int retry_ms;
    int heartbeat_ms;
    int max_clients; /* 0: as the open-files limit allows */
    int max_body;    /* bytes */
    int max_memory;  /* MiB; see memory.h */
    int turns;       /* 0: no limit */
    bool classroom;
    bool quiet;
    const char *publish_token;             /* a file, or NULL; see token.h */
    int rate;                              /* see rate.h; 0: any; -1: unset */
    struct settings_addresses trust_proxy; /* see forwarded.h */
    struct settings_list allow_origin;     /* origins, or "*" */
    struct settings_list server_name;      /* host names, the machine's too */
    bool named;                            /* --server-name was given */
};

#endif
