/*
 * faults: makes chosen calls of a process fail, or do less than they could.
 * A library to be preloaded:
 *
 *     LD_PRELOAD=build/faults.so FAULTS='malloc@7 accept4%2=ENFILE' crier
 *
 *     FUNCTION@N[=ERROR]   the Nth call fails, counted from 1
 *     FUNCTION%N[=ERROR]   every Nth call fails
 *     FUNCTION:BYTES       no call moves more than so many bytes
 *
 * FAULTS_AFTER=listen: nothing fails or is counted before the first listen(2).
 * FAULTS_SYNCED=DIR: a power cut. Each file that was given to fdatasync is
 * copied into this directory, as the disk has it from then on.
 * FAULTS_BOARD=FILE: the rules are in this file, a struct fault_board which a
 * test has mapped too, to change rules and read counts while the server runs.
 */
#ifndef CRIER_TEST_FAULTS_H
#define CRIER_TEST_FAULTS_H

#include <stdatomic.h>

/* The functions, and what each one's calls fail with by default. */
enum fault {
    FAULT_MALLOC,         /* and calloc, realloc: ENOMEM */
    FAULT_PTHREAD_CREATE, /* EAGAIN */
    FAULT_ACCEPT4,        /* EMFILE */
    FAULT_RECV,           /* ECONNRESET */
    FAULT_SEND,           /* EPIPE */
    FAULT_SENDMSG,        /* EPIPE */
    FAULT_SENDFILE,       /* EIO */
    FAULT_OPEN,           /* EMFILE */
    FAULT_OPENAT,         /* EMFILE */
    FAULT_OPENAT2,        /* by syscall(2): ENOSYS */
    FAULT_FSTAT,          /* EIO */
    FAULT_SOCKET,         /* EMFILE */
    FAULT_LISTEN,         /* EADDRINUSE */
    FAULT_EVENTFD,        /* EMFILE */
    FAULT_EPOLL_CREATE1,  /* EMFILE */
    FAULT_EPOLL_CTL,      /* ENOSPC */
    FAULT_PWRITE,         /* pwrite64: ENOSPC */
    FAULT_PREAD,          /* pread64: EIO */
    FAULT_FDATASYNC,      /* EIO */
    FAULT_FTRUNCATE,      /* ftruncate64: EIO */
    FAULT_GETADDRINFO,    /* EIO, by EAI_SYSTEM */
    FAULT_COUNT
};

/* A zero means that there is no such rule. Any thread may write them. */
struct fault_rule {
    atomic_ulong at, every, bytes;
    atomic_ulong more;   /* calls after one that fails, which fail as well */
    atomic_int error;    /* 0: the default above */
    atomic_bool stalled; /* as long as this is set, calls wait: fdatasync,
                          * getaddrinfo */

    /* Counted by the library, from where the test last set them. */
    atomic_ulong calls, failed;
};

struct fault_board {
    atomic_bool asleep; /* nothing fails or is counted */
    struct fault_rule rules[FAULT_COUNT];
};

#endif
