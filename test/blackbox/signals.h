/*
 * What a launcher hands on: ignored signals and blocked ones. `nohup` does, and
 * so does a shell script to what it starts in the background. No shell can trap
 * a signal that was ignored when it started, and no test ends by it.
 */
#ifndef CRIER_TEST_SIGNALS_H
#define CRIER_TEST_SIGNALS_H

/* Gives every signal its default again and blocks none, but leaves SIGHUP and
 * the terminal's job control as they are: who starts the tests by nohup means
 * that. The tests' own process does so before main; a child calls it between
 * fork and exec. */
void default_signals(void);

#endif
