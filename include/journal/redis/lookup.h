/*
 * lookup: the addresses of a host, within a time.
 *
 * getaddrinfo(3) waits for a resolver that does not answer, 10 s or more, and
 * nothing ends it earlier. So a thread of its own, "names", blocks in it, and
 * whoever wants the addresses waits no longer than its own deadline. Who comes
 * again meanwhile waits for the same answer: nobody has two such threads. An
 * answer that was late is there the next time.
 *
 * The process may end while the thread blocks: it is detached, and nobody waits
 * for it.
 *
 * Threads: a look-up belongs to one thread at a time, besides its own.
 */
#ifndef CRIER_LOOKUP_H
#define CRIER_LOOKUP_H

#include "journal/redis/url.h"

struct addrinfo;
struct lookup;

/*
 * The addresses, which the caller frees by freeaddrinfo(3). NULL if there are
 * none, or not before the deadline (ms, monotonic), or if `stop`, a descriptor,
 * can be read; then `error` says why. *l is NULL at first, and is the look-up
 * that goes on, if there is one.
 */
struct addrinfo *lookup_wait(struct lookup **l, const struct url *url, int stop,
                             int64_t deadline, char error[JOURNAL_ERROR_SIZE]);

/* Nobody waits for it any more. It may be NULL. */
void lookup_forget(struct lookup *l);

#endif
