/*
 * stack: gives the memory of a thread's stack back while the thread waits.
 *
 * The kernel gives a page of a stack memory when the page is first touched, and
 * that memory stays until the thread ends, even if a short call needed it only
 * once. Most of a subscriber's stack would be what the answer to its request
 * needed long ago, and a publisher's the parse of one deep body.
 */
#ifndef CRIER_STACK_H
#define CRIER_STACK_H

/* A few system calls: not for every request.
 *
 * Gives the whole pages below the caller's frame back to the kernel. They are
 * there again, and empty, when they are needed next. Without memory to find out
 * where the stack ends, nothing is given back. */
void stack_shrink(void);

#endif
