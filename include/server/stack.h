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

/* Gives the whole pages below the caller's frame back to the kernel. When they
 * are needed next, they are there again, and empty. Gives nothing back if
 * memory is lacking to find out where the stack ends. It takes a few system
 * calls, too many for every request. */
void stack_shrink(void);

#endif
