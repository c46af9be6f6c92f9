/*
 * json_memory: jansson's allocator, which waits for memory instead of failing.
 *
 * jansson 2.14 does not survive a malloc that fails while it reads a string: it
 * loses a byte, or writes behind its buffer. So a thread that gets no memory
 * for jansson waits until there is some.
 */
#ifndef CRIER_JSON_MEMORY_H
#define CRIER_JSON_MEMORY_H

/* Gives jansson this allocator. The main thread calls this before any other use
 * of jansson. */
void json_memory_install(void);

#endif
