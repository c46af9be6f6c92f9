/*
 * What the tests of room share: servers under the preloaded library of
 * ../faults, which press on them by injected faults, and what section 5 then
 * promises: the right answer, one line in the log, no spinning, and all as
 * before once the pressure ends.
 *
 * As in the harness, whatever goes wrong ends the test. Only exchange_all may
 * be called from any thread; the rest from the main one.
 */
#ifndef CRIER_TEST_ROOM_H
#define CRIER_TEST_ROOM_H

#include "../faults/faults.h"
#include "exchange.h"

#define GET_MISSING "GET /missing HTTP/1.1\r\n" HOST "\r\n"

/* The fields of a request that is the connection's last. */
#define CLOSE HOST "Connection: close\r\n"

/* ---- faults ------------------------------------------------------------ */

/* From now on the servers that are started have the library preloaded, which
 * is $FAULTS_LIBRARY (default build/faults.so). */
void preload(void);

/* Preloads, and starts a server with a new board, which has no rules yet. */
struct server start_with_board(const char *options);

/* A function's rule on the board of the server that was started last. */
struct fault_rule *rule(enum fault f);

/* From now on every nth call fails with the error (0: the default); n is 0:
 * none any more. */
void fail_every(enum fault f, unsigned long n, int error);

/* The nth call from now on fails, likewise. */
void fail_at(enum fault f, unsigned long n, int error);

/* ---- what is measured -------------------------------------------------- */

/* A second or more passes, of which a server that spins would use all. */
void check_a_second_without_spinning(const struct server *server);

/* So many lines of the log report an error, but for those that say that it
 * lasts. The same trouble is told again after 10 s: there may be as many again
 * for every 10 s since start. Waits for the least. */
void check_errors(const struct server *server, int least, int most,
                  double start);

/* Only to be compared with another count: it is a few too high. */
int count_descriptors(const struct server *server);

/* Waits until the count is what is expected. */
void wait_descriptors(const struct server *server, int expected);

/* ---- requests ---------------------------------------------------------- */

/* The status of an answer on a connection of its own. */
int ask(const struct server *server, const char *request);

/* All that comes back on a connection of its own, up to its end, but for the
 * Date; free it. */
char *exchange_all(const struct server *server, const char *request);

/* Comes in as soon as there is room, and stays: close it. */
struct client *enter(const struct server *server);

/* All is as before: who comes is served, and messages come through. Waits until
 * nobody else is connected. */
void check_normal(const struct server *server);

/* Who is turned away is told when to come back, and by FIN, not by RST. */
void check_turned_away(const struct server *server);

#endif
