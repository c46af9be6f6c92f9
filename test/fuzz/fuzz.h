/*
 * fuzz: what the fuzz targets share.
 *
 * A target is one file, named after what it feeds. It asserts what must hold
 * for every input, so it finds more than crashes. An input is what a client
 * sends, byte for byte; where a target needs to choose something besides (where
 * to cut, how to encode), it asks fuzz_choice.
 */
#ifndef CRIER_TEST_FUZZ_H
#define CRIER_TEST_FUZZ_H

#include "base/slice.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#ifdef NDEBUG
#error "the targets find nothing without assert"
#endif

/* What libFuzzer calls. Bytes stand in memory that ends with them. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* A number below `limit` that depends on nothing but the input, and looks
 * random: the same input always fails in the same way. */
size_t fuzz_choice(struct slice input, size_t limit);

/* A copy in memory that ends with the last byte, so that AddressSanitizer sees
 * whoever reads on. The caller frees it. */
char *fuzz_copy(struct slice s);

/* The same bytes; nothing is not the same as an empty string. */
bool fuzz_same(struct slice a, struct slice b);

#endif
