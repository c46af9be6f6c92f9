/*
 * turn_away: what a client gets that cannot have a thread or memory, and what
 * the server does if accept fails.
 */
#ifndef CRIER_TURN_AWAY_H
#define CRIER_TURN_AWAY_H

/* Sends a 503. Never blocks. `why` is for the log. */
void turn_away_answer(int fd, const char *why);

/* Sends a 503 and closes the socket. For the thread that accepts, like all that
 * follows. */
void turn_away(int fd, const char *why);

/* Opens a descriptor to give up when there are no others; -1 if there is none.
 */
int turn_away_reserve(void);

/*
 * Out of descriptors: gives up the reserve to accept one client, however long
 * that takes. If there is room again by then, returns the client's socket. Else
 * turns the client away, so that it is told: -1 and ECONNABORTED. If accept
 * fails, -1 and its errno.
 */
int turn_away_accept(int listener, int *reserve);

/* Logs errno, and pauses, so that a failing accept does not spin. */
void turn_away_pause(void);

#endif
