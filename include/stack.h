/*
 * stack: gives the memory of a thread's stack back while the thread waits.
 *
 * The kernel provides a stack page by page, when it is first touched, and keeps
 * every page until the thread ends, however short the call was that needed it.
 * Of a subscriber's memory that was 20 of 29 KiB: the buffers of a request that
 * was answered long ago.
 */
#ifndef CRIER_STACK_H
#define CRIER_STACK_H

/* Gives the whole pages below the caller's frame back to the kernel; they are
 * there again, and empty, when they are next needed. */
void stack_shrink(void);

#endif
