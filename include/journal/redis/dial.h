/*
 * dial: a TCP connection, within a time. Any thread may call these.
 */
#ifndef CRIER_DIAL_H
#define CRIER_DIAL_H

#include "journal/terms.h"

struct addrinfo;

/*
 * Connects to the first of the addresses that answers; one that does not leaves
 * time for the others. Returns a socket that does not block. -1 if none answers
 * before the deadline (ms, monotonic); then `error` says why.
 */
int dial(const struct addrinfo *all, int stop, int64_t deadline,
         char error[JOURNAL_ERROR_SIZE]);

/*
 * Waits until the socket has one of `events` (poll(2)). False at the deadline,
 * or once `stop`, another descriptor, can be read. errno says which: ETIMEDOUT
 * or ECANCELED.
 */
bool dial_wait(int fd, short events, int stop, int64_t deadline);

#endif
