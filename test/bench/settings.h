/*
 * The command line of bench-load.
 */
#ifndef CRIER_BENCH_SETTINGS_H
#define CRIER_BENCH_SETTINGS_H

#include "bench.h"

struct settings {
    struct target target;
    double rate; /* messages a second; 0: as fast as they go */
    unsigned subscribers, messages, warmup, publishers;
    unsigned source_addresses;
    unsigned timeout; /* seconds */
    const char *pids; /* "12,34", or "" */
};

/* Ends the process for --help, and for wrong usage. */
struct settings settings_read(int argc, char **argv);

#endif
