/*
 * decimal: prints numbers. Each message and each answer has some, and printf
 * reads its format anew each time.
 */
#ifndef CRIER_DECIMAL_H
#define CRIER_DECIMAL_H

#include <stdint.h>

enum { DECIMAL_SIZE = 24 }; /* room for any number and its NUL */

/* Writes the number and a NUL. Returns where the NUL is, as stpcpy(3) does. */
char *decimal_put(char *at, uint64_t number);

/* The same, in hexadecimal. */
char *decimal_put_hex(char *at, uint64_t number);

#endif
