/*
 * utf8: whether bytes are UTF-8 (RFC 3629): no overlong forms, no surrogates,
 * nothing beyond U+10FFFF. Pure.
 */
#ifndef CRIER_UTF8_H
#define CRIER_UTF8_H

#include "base/slice.h"

bool utf8_valid(struct slice s);

#endif
