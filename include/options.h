/*
 * options: the command line and the environment, validated.
 *
 * Every flag --some-name has a variable CRIER_SOME_NAME; the flag wins.
 */
#ifndef CRIER_OPTIONS_H
#define CRIER_OPTIONS_H

#include "slice.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { OPTIONS_LIST = 16 };

struct options_list {
    size_t count;
    struct slice items[OPTIONS_LIST];
};

/* Strings belong to argv or the environment. */
struct options {
    const char *host;       /* name or address to listen on */
    int port;               /* 0: a free one */
    const char *public_dir; /* NULL: "public", or the installed one */
    int history;            /* messages kept */
    int retry_ms;
    int heartbeat_ms;
    int max_clients; /* 0: what the open-files limit allows */
    int max_body;    /* bytes */
    int turns;       /* 0: everybody at once */
    bool classroom;
    bool quiet;
    struct options_list allow_origin; /* origins, or "*" */
    struct options_list server_name;  /* host names */
};

enum options_result {
    OPTIONS_RUN,  /* the options are good */
    OPTIONS_DONE, /* --help or --version was printed to out */
    OPTIONS_BAD,  /* one line to err says what is wrong */
};

/* Fills *o from the defaults, the environment and argv. Not reentrant, since
 * getopt_long is not: for the main thread, before there are others. */
enum options_result options_parse(struct options *o, int argc, char **argv,
                                  FILE *out, FILE *err);

#endif
