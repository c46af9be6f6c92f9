/*
 * What every part of the load generator uses. Whatever goes wrong that is not
 * the server's doing ends it: nobody needs a figure of half a load.
 */
#ifndef CRIER_BENCH_H
#define CRIER_BENCH_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses. */
enum {
    BENCH_BROKEN = 1, /* refused, lost, duplicated, out of order */
    BENCH_FAILED = 2  /* wrong usage, no server, out of time */
};

/* Prints one line to standard error, and ends the process. */
void bench_fail(int status, const char *format, ...)
    __attribute__((noreturn, format(printf, 2, 3)));

/* Never NULL, all zeros. */
void *bench_calloc(size_t count, size_t size);

/* CLOCK_MONOTONIC. */
uint64_t bench_now_ns(void);

/* A socket that listens at 127.0.0.1. */
int bench_listen(int port);

/* Raises the limit of open files as far as it goes. */
void bench_open_many_files(void);

/* A channel's number as it stands behind a path; "" if there is one channel.
 * All are of one length. */
enum { BENCH_CHANNEL = 5 };
void bench_print_channel(char out[BENCH_CHANNEL + 1], unsigned channel,
                         unsigned channels);

/* Where the server is, and what is asked of it. */
struct target {
    const char *host;
    int port;
    const char *subscribe, *publish; /* paths */
    const char *body;                /* with %s for the text */
    unsigned channels; /* more than 1: a number follows both paths */
    struct sockaddr_in address;
};

#endif
