/* stack: see stack.h. */
#include "stack.h"

#include "limit.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void stack_shrink(void)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    /* Stacks grow down: below this frame, for which 256 bytes are plenty, there
     * is nothing but what has been. Half of the stack's size from here is still
     * within the stack. */
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0) - 256;
    uintptr_t end = frame / page * page;
    uintptr_t start = end - LIMIT_STACK / 2;

    madvise((void *)start, end - start, MADV_DONTNEED);
}
