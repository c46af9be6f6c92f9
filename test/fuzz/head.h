/*
 * head: a second opinion on a request's head, for the target `request`. The
 * same rules, but over the whole head at once, by regular expressions and
 * fields joined to lists (RFC 9110, 5.3): slow, and unlike request.c, so that
 * the two hardly make the same mistake.
 */
#ifndef CRIER_TEST_FUZZ_HEAD_H
#define CRIER_TEST_FUZZ_HEAD_H

#include "base/slice.h"

enum { HEAD_NUMBER = 24 }; /* room for the digits of a length */

struct head {
    bool complete; /* the empty line that ends it is there */
    bool good;     /* it is, and all of the head is as it must be; then: */
    size_t len;
    size_t field_count;
    bool keep_alive, expect_continue, chunked;
    char length[HEAD_NUMBER]; /* Content-Length in its shortest form, or "" */
};

void head_read(struct slice bytes, struct head *h);

#endif
