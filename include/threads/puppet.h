/*
 * puppet: a client of this server, played by the server itself: it subscribes
 * over loopback, and then misbehaves. What the server's thread for it meets is
 * real.
 */
#ifndef CRIER_PUPPET_H
#define CRIER_PUPPET_H

#include "server/exchange.h"

#include <sys/types.h>

enum puppet {
    /* Never reads. Its buffers are as small as the kernel allows; comments fill
     * them, and its thread blocks in sendmsg. After LIMIT_WRITE_MS the server
     * gives it up. No other subscriber gets more for it. */
    PUPPET_STALLS,
    /* The kernel drops all that comes for it, acknowledgements too, as if its
     * cable were pulled: it takes only packets with 255 hops left (IP_MINTTL),
     * and Linux sends them with 64. Nobody notices until something is sent to
     * it. A socket filter would need a privilege on some machines. */
    PUPPET_VANISHES,
};

/*
 * Starts one, and leaves work that runs after the exchange (struct afterwards)
 * and keeps it until the server has given it up, or for LIMIT_PUPPET_MS.
 * Returns the server's thread for it; 0 if that fails, and *reason says why.
 * Blocks for some seconds at most.
 */
pid_t puppet_play(struct exchange *x, enum puppet kind, const char **reason);

#endif
