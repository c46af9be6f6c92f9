/*
 * What processes and the machine use, read from /proc.
 */
#ifndef CRIER_BENCH_METER_H
#define CRIER_BENCH_METER_H

#include <stdint.h>
#include <sys/types.h>

enum { METER_MAX = 64 };

struct meter {
    pid_t pids[METER_MAX];
    unsigned count;
};

struct reading {
    /* User and system time of all threads: what /proc/PID/stat says, but in
     * nanoseconds instead of ticks; and this process's own. */
    uint64_t cpu_ns, own_cpu_ns;
    long resident_kib, own_kib;      /* of the processes, and of this one */
    long available_kib;              /* MemAvailable, and more: see meter.c */
    uint64_t voluntary, involuntary; /* switches of the threads alive */
};

/* Of processes given as "12,34", with all their children. */
void meter_open(struct meter *m, const char *pids);

/* Reads the processor times alone, which costs next to nothing. */
void meter_read_cpu(const struct meter *m, struct reading *r);

/* Reads all the others, at some 20 µs for each thread. */
void meter_read_rest(const struct meter *m, struct reading *r);

#endif
