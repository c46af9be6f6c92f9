/*
 * json_memory: jansson's memory, which never runs out in the middle.
 *
 * jansson 2.14 does not survive a malloc that fails while it reads a string: it
 * loses a byte, or writes behind its buffer. So, under its feet, a thread that
 * gets no memory waits until there is some.
 */
#ifndef CRIER_JSON_MEMORY_H
#define CRIER_JSON_MEMORY_H

/* Gives jansson an allocator that blocks instead of failing. Before any other
 * use of it, by the main thread. */
void json_memory_install(void);

#endif
