/* stack: see stack.h. */
#include "server/stack.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* The lowest address of this thread's stack; 0 if it is not known. Not inlined,
 * so that the frame below stays small. */
static __attribute__((noinline)) uintptr_t find_bottom(void)
{
    pthread_attr_t attributes;
    void *bottom;
    size_t size;

    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return 0;
    pthread_attr_getstack(&attributes, &bottom, &size);
    pthread_attr_destroy(&attributes);
    return (uintptr_t)bottom;
}

void stack_shrink(void)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t bottom = find_bottom();
    /* Stacks grow down. This frame needs less than 256 bytes, so nothing below
     * them is in use. */
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0) - 256;
    uintptr_t end = frame / page * page;

    if (bottom > 0)
        madvise((void *)bottom, end - bottom, MADV_DONTNEED);
}
