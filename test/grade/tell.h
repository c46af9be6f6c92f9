/*
 * tell: what happened in a run, in plain words, if it went wrong.
 */
#ifndef CRIER_GRADE_TELL_H
#define CRIER_GRADE_TELL_H

#include <stdbool.h>

struct actor;

/* Begins a run of the scenario with this title. */
void tell_begin(const char *title);

/* What this mutex or condition variable is called. */
void tell_name(const void *object, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *tell_name_of(const void *object);

/* Records a step of the thread; `where` is an address in its code, or NULL. */
void tell_step(const struct actor *actor, const void *where, const char *format,
               ...) __attribute__((format(printf, 3, 4)));

/* Says what went wrong, and by which steps, and ends the program. */
_Noreturn void wrong(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* No thread can go on: says why. */
_Noreturn void wrong_stuck(void);

/* Tells a data race that ThreadSanitizer has found, if there is one. */
void tell_race(void);

/* Tells what happened also if the program crashes or does not end. */
void tell_catch_signals(void);

#endif
