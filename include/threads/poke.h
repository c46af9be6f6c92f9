/*
 * poke: POST /poke, a class does to the server what lectures only tell.
 */
#ifndef CRIER_POKE_H
#define CRIER_POKE_H

#include "server/exchange.h"

/*
 * ?spurious: wakes a subscriber for nothing (store_nudge); ?spurious=TID: this
 * one. ?herd: the next message wakes all at once (store_herd). ?lock: holds the
 * store's mutex for LIMIT_POKE_HOLD_MS (store_hold). ?stall, ?vanish: a client
 * that does not read, or vanishes (puppet.h).
 *
 * Answers 200 and JSON that names the thread; 403 without --classroom; 400 for
 * another query; 409 if there is no such thread, or a poke is still under way.
 */
void poke(struct exchange *x);

#endif
