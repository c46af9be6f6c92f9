/*
 * grammar: the character classes of HTTP (RFC 9110, 5.5 and 5.6.2). Pure.
 */
#ifndef CRIER_GRAMMAR_H
#define CRIER_GRAMMAR_H

#include <stdbool.h>

/* tchar: what methods and field names are made of. */
bool grammar_is_token(char c);

/* VCHAR: a visible ASCII character. */
bool grammar_is_visible(char c);

/* What a field value is made of: VCHAR, obs-text, SP and HTAB. */
bool grammar_is_value(char c);

/* The value of a hexadecimal digit, or -1. */
int grammar_hex(char c);

#endif
